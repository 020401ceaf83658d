import fc from 'fast-check'
import { splitText, wellFormed } from './text.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const anyText = fc.string({ unit: 'binary' })
const brokenText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))

test('text without lone surrogates stays as it is', () => {
  fc.assert(fc.property(anyText, (text) => expect(wellFormed(text)).toBe(text)))
})

test('any text becomes what UTF-8 makes of it', () => {
  fc.assert(
    fc.property(brokenText, (text) => {
      expect(wellFormed(text)).toBe(utf8.decode(new TextEncoder().encode(text)))
    }),
  )
})

test('pieces are short enough, never empty, split no pair, and make up the text', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 7 }), (text, maxLength) => {
      const pieces = [...splitText(text, maxLength)]
      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) {
        expect(piece.length).toBeGreaterThan(0)
        expect(piece.length).toBeLessThanOrEqual(maxLength)
        expect(wellFormed(piece)).toBe(piece)
      }
    }),
  )
})
