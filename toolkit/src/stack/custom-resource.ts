import { randomUUID } from 'node:crypto'
import { isObject, type JsonObject, objectOrEmpty } from '../json.ts'
import type { StackIdentity } from './identity.ts'
import { type CustomResourceReply, ResponseReceiver } from './response-url.ts'

/** The context argument of a Lambda handler, as far as custom resources use it. */
export interface LocalContext {
  awsRequestId: string
  functionName: string
  invokedFunctionArn: string
  logGroupName: string
  logStreamName: string
  getRemainingTimeInMillis(): number
  /** The callback style that older helpers still use. */
  done(error?: unknown): void
}

/** The request of a creation. */
export type CreateEvent = {
  RequestType: 'Create'
  RequestId: string
  StackId: string
  ResponseURL: string
  ResourceType: string
  LogicalResourceId: string
  ResourceProperties: JsonObject
}

export type CustomResourceHandler = (event: CreateEvent, context: LocalContext) => unknown

/** Time the handler has, as its function's `Timeout` in the bootstrap template. */
const TIMEOUT_MS = 30_000

/** Calls a custom resource's handler as CloudFormation does on creation, and returns what it replied. */
export async function createCustomResource(
  handler: CustomResourceHandler,
  resource: { logicalId: string; type: string; properties: JsonObject },
  identity: StackIdentity,
): Promise<CustomResourceReply> {
  const receiver = await ResponseReceiver.start()
  try {
    await handler(
      {
        RequestType: 'Create',
        RequestId: randomUUID(),
        StackId: identity.stackId,
        ResponseURL: receiver.url,
        ResourceType: resource.type,
        LogicalResourceId: resource.logicalId,
        ResourceProperties: objectOrEmpty(stringScalars(resource.properties)),
      },
      contextOf(identity),
    )
    return await replyInTime(receiver.reply, resource.logicalId)
  } finally {
    await receiver.stop()
  }
}

/**
 * CloudFormation hands every scalar to a custom resource as text, and leaves out what is null.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export function stringScalars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringScalars)
  if (!isObject(value)) return String(value)
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  return Object.fromEntries(entries.map(([key, member]) => [key, stringScalars(member)]))
}

function contextOf({ partition, region, accountId }: StackIdentity): LocalContext {
  const functionName = 'lpr-config-publisher'
  const deadline = Date.now() + TIMEOUT_MS
  return {
    awsRequestId: randomUUID(),
    functionName,
    invokedFunctionArn: `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: () => {},
  }
}

async function replyInTime(
  reply: Promise<CustomResourceReply>,
  logicalId: string,
): Promise<CustomResourceReply> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${logicalId} sent no reply`)), TIMEOUT_MS)
  })
  return Promise.race([reply, late]).finally(() => clearTimeout(timer))
}
