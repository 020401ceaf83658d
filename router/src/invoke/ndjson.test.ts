import fc from 'fast-check'
import { LineSplitter } from './ndjson.ts'

function split(chunks: Buffer[], maxLineBytes = 1000) {
  const lines: string[] = []
  let oversized = 0
  const splitter = new LineSplitter(
    maxLineBytes,
    (line) => lines.push(line),
    () => oversized++,
  )
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return { lines, oversized }
}

test('lines come out the same at every cut of the bytes, UTF-8 sequences included', () => {
  const bytes = Buffer.from('{"a":"é"}\r\n\n{"b":"😀"}\n{"c":1}')
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(split([bytes.subarray(0, cut), bytes.subarray(cut)]).lines).toEqual([
      '{"a":"é"}',
      '{"b":"😀"}',
      '{"c":1}',
    ])
  }
})

test('any text cut anywhere gives its non-blank lines', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '{') }),
      fc.array(fc.nat(40)),
      (text, cuts) => {
        const bytes = Buffer.from(text)
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        const expected = text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
        expect(split(chunks).lines).toEqual(expected)
      },
    ),
  )
})

test('a line over the limit is dropped whole and reported, and the next one is read', () => {
  const bytes = Buffer.from(`${'x'.repeat(20)}\nok\n${'y'.repeat(11)}`)
  const chunks = [...bytes].map((byte) => Buffer.of(byte))
  expect(split(chunks, 10)).toEqual({ lines: ['ok'], oversized: 2 })
  expect(split([bytes], 10)).toEqual({ lines: ['ok'], oversized: 2 })
})
