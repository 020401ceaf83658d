import { S3Error } from './errors.ts'
import { escapeXml, unescapeXml } from './xml.ts'

/** Tags of an object, by their keys. */
export type Tags = Record<string, string>

/** Reads `x-amz-tagging`, which is encoded like a query. */
export function parseTaggingHeader(header: string | undefined): Tags {
  return checked([...new URLSearchParams(header ?? '')])
}

/** Reads the body of PutObjectTagging. */
export function parseTaggingXml(xml: string): Tags {
  const set = /<Tagging[^>]*>\s*(?:<TagSet\s*\/>|<TagSet>([\s\S]*?)<\/TagSet>)\s*<\/Tagging>/.exec(xml)
  if (set === null) {
    throw new S3Error(
      'MalformedXML',
      400,
      'The XML you provided was not well-formed: expected Tagging/TagSet',
    )
  }
  const tags = [...(set[1] ?? '').matchAll(/<Tag>([\s\S]*?)<\/Tag>/g)].map(
    ([, tag = '']): [string, string] => [element(tag, 'Key'), element(tag, 'Value')],
  )
  return checked(tags)
}

/** The body of GetObjectTagging. */
export function toTaggingXml(tags: Tags): string {
  const elements = Object.entries(tags).map(
    ([key, value]) => `<Tag><Key>${escapeXml(key)}</Key><Value>${escapeXml(value)}</Value></Tag>`,
  )
  const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Tagging xmlns="${namespace}"><TagSet>${elements.join('')}</TagSet></Tagging>`
}

/** Limits of https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html. */
const MAX_TAGS = 10
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256

function checked(tags: [string, string][]): Tags {
  const result = Object.fromEntries(tags)
  if (Object.keys(result).length < tags.length) {
    throw new S3Error('InvalidTag', 400, 'Cannot provide multiple Tags with the same key')
  }
  if (tags.length > MAX_TAGS) {
    throw new S3Error('BadRequest', 400, `Object tags cannot be greater than ${MAX_TAGS}`)
  }
  for (const [key, value] of tags) {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      throw new S3Error('InvalidTag', 400, 'The TagKey you have provided is invalid', { TagKey: key })
    }
    if (value.length > MAX_VALUE_LENGTH) {
      throw new S3Error('InvalidTag', 400, 'The TagValue you have provided is invalid', { TagValue: value })
    }
  }
  return result
}

function element(xml: string, name: string): string {
  const content = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1]
  return unescapeXml(content ?? '')
}
