import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { type Finding, fail, type Place, throwFindings } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { PlaceTree } from './place-tree.ts'
import { longArgument, longName } from './short-tags.ts'

/** A YAML or JSON document as plain values, with CloudFormation's short tags in their long form. */
export interface SourceDocument {
  /** The file name as the user gave it, for messages. */
  file: string
  /** Absolute path of the directory that relative paths of the document start from. */
  dir: string
  body: JsonObject
  places: PlaceTree
}

/** Reads a document from a file. Throws a FindingsError with every syntax error and unknown tag. */
export function readDocument(file: string): SourceDocument {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const code = String(isObject(cause) && 'code' in cause ? cause.code : cause)
    throw fail(`cannot read ${file} (${code})`, { remedy: 'give the path of an existing file' })
  }
  return parseSource(text, file)
}

/** As `readDocument`, for a text already in memory. */
export function parseSource(text: string, file: string): SourceDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const reader = new Reader(document, lines, file)
  const { body, places } = reader.read()
  throwFindings(reader.findings)
  if (!isObject(body)) throw fail('expected a document with named sections', { place: places.place })
  return { file, dir: dirname(resolve(file)), body, places }
}

/** Turns YAML nodes into plain values and notes where each came from. */
class Reader {
  readonly findings: Finding[]
  readonly #document: Document.Parsed
  readonly #lines: LineCounter
  readonly #file: string

  constructor(document: Document.Parsed, lines: LineCounter, file: string) {
    this.#document = document
    this.#lines = lines
    this.#file = file
    this.findings = document.errors.map((error) => ({
      message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? error.code,
      place: this.#at(error.pos[0]),
    }))
  }

  read(): { body: unknown; places: PlaceTree } {
    const places = new PlaceTree({ file: this.#file, line: 1, column: 1 })
    const body = this.findings.length > 0 ? {} : this.#plain(this.#document.contents, places)
    return { body, places }
  }

  #plain(node: Node | null | undefined, tree: PlaceTree): unknown {
    if (!node) return null
    if (isAlias(node)) return this.#plain(node.resolve(this.#document), tree)
    const tag = node.tag?.startsWith('!') ? node.tag : undefined
    if (tag === undefined) return this.#untagged(node, tree)
    const name = longName(tag)
    if (name === undefined) {
      this.findings.push({ message: `unknown tag ${tag}`, place: this.#at(node.range?.[0]) })
      return null
    }
    const argument = this.#untagged(node, tree.add(name, this.#at(node.range?.[0])))
    return { [name]: longArgument(name, argument) }
  }

  #untagged(node: Node, tree: PlaceTree): unknown {
    if (isMap(node)) return this.#object(node, tree)
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const child = item as Node | null
        return this.#plain(child, tree.add(index, this.#at(child?.range?.[0])))
      })
    }
    return isScalar(node) ? scalar(node.value, node.source) : null
  }

  #object(map: YAMLMap, tree: PlaceTree): JsonObject {
    const result: JsonObject = {}
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
      const place = this.#at(pair.key.range?.[0])
      if (key === '<<') Object.assign(result, { ...this.#merged(pair.value, tree), ...result })
      else result[key] = this.#plain(pair.value, tree.add(key, place))
    }
    return result
  }

  #merged(source: Node | null, tree: PlaceTree): JsonObject {
    const value = this.#plain(source, tree)
    const parts = Array.isArray(value) ? [...value].reverse() : [value]
    return Object.assign({}, ...parts.filter(isObject))
  }

  #at(offset: number | undefined): Place {
    const { line, col } = this.#lines.linePos(offset ?? 0)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

/** Account ids and the like keep their leading zeros: CloudFormation treats them as text in the end. */
function scalar(value: unknown, source: string | undefined): unknown {
  if (typeof value === 'bigint') return source ?? String(value)
  if (typeof value === 'number' && source !== undefined && /^0\d+$/.test(source)) return source
  return value
}
