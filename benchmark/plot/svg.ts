/** A small SVG writer: elements as strings, in one look for all charts. */

export type Attributes = Record<string, string | number | undefined>

/** Distinguishable with every common colour blindness (Okabe and Ito). */
const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

export function colour(index: number): string {
  return PALETTE[index % PALETTE.length] ?? '#000000'
}

export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(String(value))}"`)
  return `<${name}${written.join('')}>${children.join('')}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content))
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, stroke: '#d0d0d0', ...attributes })
}

/** A whole document with a white ground. */
export function drawing(width: number, height: number, title: string, ...children: string[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
    fill: '#222222',
  }
  const ground = element('rect', { width, height, fill: '#ffffff' })
  const heading = text(16, 24, title, { 'font-size': 15, 'font-weight': 600 })
  return `${element('svg', attributes, element('title', {}, escaped(title)), ground, heading, ...children)}\n`
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
