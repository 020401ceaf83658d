export interface FunctionArn {
  arn: string
  partition: string
  region: string
  accountId: string
  functionName: string
  /** Version, alias or `$LATEST`; undefined when the ARN has none. */
  qualifier: string | undefined
}

const SHAPE =
  /^arn:(aws[a-z-]*):lambda:([a-z]{2}[a-z0-9-]*):(\d{12}):function:([A-Za-z0-9_-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]+))?$/

/** Reads a Lambda function ARN, surrounding white space allowed; undefined if it is not one. */
export function parseFunctionArn(text: string): FunctionArn | undefined {
  const arn = text.trim()
  const match = SHAPE.exec(arn)
  if (match === null) return undefined
  const [, partition = '', region = '', accountId = '', functionName = '', qualifier] = match
  return { arn, partition, region, accountId, functionName, qualifier }
}
