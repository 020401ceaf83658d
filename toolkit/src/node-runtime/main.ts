/**
 * The Node.js runtime of the local Lambda: the program that a function's process runs. It behaves as Lambda's own for
 * Node.js 24. An uncaught exception or an unhandled rejection ends the process, as it does there.
 */
import { installAwsLambdaGlobal } from './awslambda.ts'
import { makeOutputBlocking } from './blocking-output.ts'
import { toErrorReport } from './errors.ts'
import { createInvoker, type Invoker, serveInvocations } from './invoke.ts'
import { loadHandler } from './load-handler.ts'
import { RuntimeClient } from './runtime-client.ts'

async function main(): Promise<void> {
  const client = new RuntimeClient(required('AWS_LAMBDA_RUNTIME_API'))
  // Without the service that started it, nobody would ever end this process.
  client.onGone(() => process.exit(1))
  process.on('beforeExit', () => {
    console.error(
      'Nothing is left to wait for, but the handler has not settled: one of its promises never will.',
    )
  })
  makeOutputBlocking()
  installAwsLambdaGlobal()
  await serveInvocations(await initialise(client), client)
}

async function initialise(client: RuntimeClient): Promise<Invoker> {
  try {
    return createInvoker(await loadHandler(required('LAMBDA_TASK_ROOT'), required('_HANDLER')), client)
  } catch (error) {
    console.error('Init Error', error)
    await client.postInitError(toErrorReport(error))
    process.exit(1)
  }
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`environment variable ${name}: expected a value, got none`)
  return value
}

// Not awaited at the top level: a process whose event loop runs empty is to end with status 0, as in Lambda.
main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
