import { errorText, log } from './log.ts'
import { type Publication, place, publicationOf } from './publication.ts'
import { sendReply } from './reply.ts'
import type { CustomResourceEvent, InvocationContext, Reply } from './request.ts'
import { Store } from './store.ts'

export type { CustomResourceEvent, InvocationContext } from './request.ts'

const ID = 'lpr-config-publisher'

/** The Lambda function behind `Custom::LprConfigPublisher`. Answers through the event's URL and never throws. */
export async function handler(event: CustomResourceEvent, context: InvocationContext = {}): Promise<void> {
  const { RequestType, StackId, LogicalResourceId } = event
  const reply = await replyTo(event, context).catch((error: unknown) => failure(event, errorText(error)))
  const { status, physicalResourceId, reason } = reply
  const outcome = { RequestType, StackId, LogicalResourceId, status, physicalResourceId, reason }
  log(status === 'SUCCESS' ? 'info' : 'error', 'request handled', outcome)
  await sendReply(event, context, reply)
}

async function replyTo(event: CustomResourceEvent, context: InvocationContext): Promise<Reply> {
  switch (event.RequestType) {
    case 'Create':
    case 'Update':
      return publish(event, context)
    case 'Delete':
      // Instances that still run, or a rollback, may need the manifest: it is left to the lifecycle rule. And the id
      // may be one that we never gave.
      return { status: 'SUCCESS', physicalResourceId: event.PhysicalResourceId ?? ID }
    default:
      return failure(
        event,
        `RequestType: must be Create, Update or Delete, got ${JSON.stringify(event.RequestType)}`,
      )
  }
}

/** A plain, repeatable publish, so that the update of a rollback brings back whatever it needs. */
async function publish(event: CustomResourceEvent, context: InvocationContext): Promise<Reply> {
  const defaultBucket = process.env.LPR_DEFAULT_BUCKET ?? ''
  const publication = publicationOf(event.ResourceProperties ?? {}, defaultBucket)
  if ('problems' in publication) return failure(event, publication.problems.join('; '))
  const store = new Store(bucketOwner(event, context))
  try {
    await store.publish(publication)
    await supersedeOld(event, publication, store)
  } finally {
    await store.close()
  }
  return success(publication)
}

/** At best effort: a manifest too many does no harm. */
async function supersedeOld(event: CustomResourceEvent, current: Publication, store: Store): Promise<void> {
  if (event.RequestType !== 'Update' || event.OldResourceProperties === undefined) return
  const old = place(event.OldResourceProperties, process.env.LPR_DEFAULT_BUCKET ?? '')
  if (old.bucket === current.bucket && old.key === current.key) return
  try {
    await store.supersede(old)
  } catch (error) {
    log('warn', 'old manifest not tagged', { bucket: old.bucket, key: old.key, error: errorText(error) })
  }
}

function success({ bucket, prefix, key, sha256 }: Publication): Reply {
  return {
    status: 'SUCCESS',
    physicalResourceId: `${ID}:${bucket}:${prefix === '' ? '-' : prefix}`,
    data: {
      BucketName: bucket,
      Prefix: prefix,
      ConfigKey: key,
      ConfigS3Uri: `s3://${bucket}/${key}`,
      ConfigSha256: sha256,
    },
  }
}

/** Keeps the id that the resource has: a new one would make CloudFormation delete the old. */
function failure(event: CustomResourceEvent, reason: string): Reply {
  return { status: 'FAILED', physicalResourceId: event.PhysicalResourceId ?? ID, reason }
}

/** The account of the stack, unless `LPR_BUCKET_OWNER` names another. */
function bucketOwner(
  { StackId }: CustomResourceEvent,
  { invokedFunctionArn }: InvocationContext,
): string | undefined {
  const candidates = [process.env.LPR_BUCKET_OWNER, StackId?.split(':')[4], invokedFunctionArn?.split(':')[4]]
  const owner = candidates.find((candidate) => /^\d{12}$/.test(candidate ?? ''))
  if (owner === undefined) log('warn', 'bucket owner not checked: no account id in StackId or function ARN')
  return owner
}
