import { type JsonObject, objectOrEmpty } from './json.ts'

const BUCKET = 'lpr-packages'

/**
 * What `sam package` does to a template: the code of every function is where an upload would have put it. The SAM
 * transform takes nothing else.
 */
export function packageCode(template: JsonObject): JsonObject {
  const resources = Object.entries(objectOrEmpty(template.Resources)).map(([logicalId, resource]) => {
    const { Type, Properties } = objectOrEmpty(resource)
    if (Type !== 'AWS::Serverless::Function') return [logicalId, resource]
    const properties = { ...objectOrEmpty(Properties), CodeUri: `s3://${BUCKET}/${logicalId}` }
    return [logicalId, { ...objectOrEmpty(resource), Properties: properties }]
  })
  return { ...template, Resources: Object.fromEntries(resources) }
}

/** Logical id of the function whose packaged code a `Code` property names. */
export function packagedFunction(code: unknown): string {
  const { S3Bucket, S3Key } = objectOrEmpty(code)
  if (S3Bucket !== BUCKET || typeof S3Key !== 'string')
    throw new Error(`expected code in s3://${BUCKET}, got ${JSON.stringify(code)}`)
  return S3Key
}
