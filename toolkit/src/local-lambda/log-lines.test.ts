import { expect, test } from '@jest/globals'
import { LineSplitter, LogTail } from './log-lines.ts'

test('lines come whole, wherever the bytes were cut', () => {
  const bytes = Buffer.from('grüße\r\n\nsecond 👋\nunfinished')
  for (let size = 1; size <= bytes.length; size += 1) {
    const lines: string[] = []
    const splitter = new LineSplitter((line) => lines.push(line))
    for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size))
    expect(lines).toEqual(['grüße', '', 'second 👋'])
    splitter.flush()
    expect(lines.at(-1)).toBe('unfinished')
  }
})

test('a line without end is passed on in pieces', () => {
  const lines: string[] = []
  const splitter = new LineSplitter((line) => lines.push(line))
  for (let i = 0; i < 10; i += 1) splitter.push(Buffer.from('x'.repeat(100_000)))
  splitter.flush()
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.join('')).toBe('x'.repeat(1_000_000))
})

test('the tail of a log is its last bytes', () => {
  const tail = new LogTail(8)
  tail.append('first')
  expect(Buffer.from(tail.toBase64(), 'base64').toString()).toBe('first\n')
  tail.append('second')
  expect(Buffer.from(tail.toBase64(), 'base64').toString()).toBe('\nsecond\n')
})
