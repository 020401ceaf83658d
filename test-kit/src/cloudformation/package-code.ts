import { type JsonObject, objectOrEmpty } from './json.ts'

const BUCKET = 'lpr-packages'

/** The property with the code, by type of resource. */
const CODE: Record<string, string> = {
  'AWS::Serverless::Function': 'CodeUri',
  'AWS::Serverless::LayerVersion': 'ContentUri',
}

/**
 * What `sam package` does to a template: the code of every function and the contents of every layer are where an upload
 * would have put them. The SAM transform takes nothing else.
 */
export function packageCode(template: JsonObject): JsonObject {
  const resources = Object.entries(objectOrEmpty(template.Resources)).map(([logicalId, resource]) => {
    const { Type, Properties } = objectOrEmpty(resource)
    const key = CODE[String(Type)]
    if (key === undefined) return [logicalId, resource]
    const properties = { ...objectOrEmpty(Properties), [key]: `s3://${BUCKET}/${logicalId}` }
    return [logicalId, { ...objectOrEmpty(resource), Properties: properties }]
  })
  return { ...template, Resources: Object.fromEntries(resources) }
}

/** Logical id of the function or layer whose packaged code a `Code` or `Content` property names. */
export function packagedCode(code: unknown): string {
  const { S3Bucket, S3Key } = objectOrEmpty(code)
  if (S3Bucket !== BUCKET || typeof S3Key !== 'string')
    throw new Error(`expected code in s3://${BUCKET}, got ${JSON.stringify(code)}`)
  return S3Key
}
