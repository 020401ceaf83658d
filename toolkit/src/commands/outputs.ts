import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { CommandLine, ExitCode } from '../cli.ts'
import { fail, UsageError } from '../errors.ts'
import { type Output, textTable } from '../output.ts'
import { quietSdk } from '../quiet-sdk.ts'

/** `lpr outputs`: the outputs of a deployed stack, for people and for scripts. */
export async function outputs({ stack: name, region }: CommandLine, output: Output): Promise<ExitCode> {
  if (name === undefined || name === '') throw new UsageError('lpr outputs needs --stack NAME')
  const { StackName, StackStatus, Outputs = [] } = await describe(name, region)
  const entries = Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const)
  const result = { ok: true, stack: StackName, status: StackStatus, outputs: Object.fromEntries(entries) }
  const rows = Outputs.map(({ OutputKey = '', OutputValue = '', Description = '' }) => [
    OutputKey,
    OutputValue,
    Description,
  ])
  const text =
    rows.length === 0 ? `${StackName} has no outputs` : textTable(['OUTPUT', 'VALUE', 'DESCRIPTION'], rows)
  output.result(result, text)
  return 0
}

async function describe(name: string, region: string | undefined): Promise<Stack> {
  quietSdk()
  const client = new CloudFormationClient(region === undefined ? {} : { region })
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }))
    if (Stacks[0] === undefined) throw new Error('the answer names no stack')
    return Stacks[0]
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    throw fail(`cannot read the stack ${name}: ${message}`, {
      remedy: 'check the name, the region and the credentials',
    })
  } finally {
    client.destroy()
  }
}
