/** What a handler gets as its context, https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html. */
export interface Context {
  functionName: string
  functionVersion: string
  invokedFunctionArn: string
  memoryLimitInMB: string
  awsRequestId: string
  logGroupName: string
  logStreamName: string
  clientContext: unknown
  identity: unknown
  tenantId: string | undefined
  xRayTraceId: string | undefined
  getRemainingTimeInMillis(): number
}

/** Builds the context from the headers of an invocation and the environment. */
export function createContext(
  headers: Record<string, string>,
  env: NodeJS.ProcessEnv = process.env,
): Context {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms'])
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME ?? '',
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION ?? '',
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'] ?? '',
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
    awsRequestId: headers['lambda-runtime-aws-request-id'] ?? '',
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
    clientContext: parse(headers['lambda-runtime-client-context']),
    identity: parse(headers['lambda-runtime-cognito-identity']),
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    xRayTraceId: headers['lambda-runtime-trace-id'],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  }
}

function parse(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json)
}
