// Zip archives that depend on their contents alone: sorted names, one fixed time, nothing compressed, since compressed
// bytes differ from one zlib to the next. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32 } from 'node:zlib'

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END = 0x06054b50
/** 1980-01-01, the first day that the format knows. */
const DATE = 0x0021
const UTF8_NAMES = 0x0800
/** Made on Unix, so that the modes count. */
const MADE_BY = (3 << 8) | 20

/** Archive of `files`: `{ name, mode, bytes }`, with `mode` as Unix has it, for example 0o755. */
export function zip(files) {
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1))
  const locals = []
  const centrals = []
  let offset = 0
  for (const file of sorted) {
    const name = Buffer.from(file.name)
    const common = commonFields(file.bytes, name.length)
    const local = Buffer.concat([uint32(LOCAL_HEADER), common, name, file.bytes])
    centrals.push(centralHeader(file.mode, common, name, offset))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  return Buffer.concat([...locals, directory, endRecord(sorted.length, directory.length, offset)])
}

/** What the header before a file and the one in the directory have in common. */
function commonFields(bytes, nameLength) {
  const [version, stored, time, extraLength] = [20, 0, 0, 0]
  return Buffer.concat([
    ...[version, UTF8_NAMES, stored, time, DATE].map(uint16),
    ...[crc32(bytes), bytes.length, bytes.length].map(uint32),
    ...[nameLength, extraLength].map(uint16),
  ])
}

function centralHeader(mode, common, name, offset) {
  const [commentLength, disk, internalAttributes] = [0, 0, 0]
  const regularFile = 0o100000
  return Buffer.concat([
    uint32(CENTRAL_HEADER),
    uint16(MADE_BY),
    common,
    ...[commentLength, disk, internalAttributes].map(uint16),
    uint32(((regularFile | mode) << 16) >>> 0),
    uint32(offset),
    name,
  ])
}

function endRecord(count, size, offset) {
  const [disk, commentLength] = [0, 0]
  return Buffer.concat([
    uint32(END),
    ...[disk, disk, count, count].map(uint16),
    ...[size, offset].map(uint32),
    uint16(commentLength),
  ])
}

function uint16(value) {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
