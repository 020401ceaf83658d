import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import { FindingsError, fail, UsageError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { quietSdk } from '../quiet-sdk.ts'
import { parseSource } from '../template/read.ts'

/** One output of a stack. */
export interface StackOutput {
  name: string
  value: string
  description?: string
  /** Name under which other stacks of the region import it. */
  exportName?: string
}

/** What CloudFormation tells about a stack. */
export interface DeployedStack {
  name: string
  /** ARN. */
  id: string
  region: string
  /** For example `UPDATE_COMPLETE`. */
  status: string
  parameters: Record<string, string>
  outputs: StackOutput[]
}

/** Reads stacks of one region with the SDK's own credentials chain and endpoint variables. */
export class DeployedStacks {
  readonly #client: CloudFormationClient

  /** Without a region the SDK's own sources of it hold. */
  constructor(region: string | undefined) {
    quietSdk()
    this.#client = new CloudFormationClient(region === undefined ? {} : { region })
  }

  /** Throws a FindingsError when there is no such stack, or AWS does not answer. */
  async read(name: string): Promise<DeployedStack> {
    const region = await this.#region()
    const reply = await this.#send(name, region, () =>
      this.#client.send(new DescribeStacksCommand({ StackName: name })),
    )
    const stack = reply.Stacks?.[0]
    if (stack === undefined) throw noStack(name, region)
    return {
      name: stack.StackName ?? name,
      id: stack.StackId ?? name,
      region,
      status: stack.StackStatus ?? 'unknown',
      parameters: Object.fromEntries(
        (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue, ResolvedValue }) => [
          ParameterKey,
          ResolvedValue ?? ParameterValue ?? '',
        ]),
      ),
      outputs: (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '', Description, ExportName }) => ({
        name: OutputKey,
        value: OutputValue,
        ...(Description === undefined ? {} : { description: Description }),
        ...(ExportName === undefined ? {} : { exportName: ExportName }),
      })),
    }
  }

  /** The stack's template as the macros left it. */
  async template({ name, region }: DeployedStack): Promise<JsonObject> {
    const command = new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' })
    const { TemplateBody } = await this.#send(name, region, () => this.#client.send(command))
    return parseSource(TemplateBody ?? '', `the template of ${name}`).body
  }

  close(): void {
    this.#client.destroy()
  }

  async #region(): Promise<string> {
    try {
      return await this.#client.config.region()
    } catch {
      throw new UsageError('no region: give --region, set AWS_REGION, or run aws configure')
    }
  }

  async #send<T>(name: string, region: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw explained(error, name, region)
    }
  }
}

const BAD_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
])

function explained(error: unknown, name: string, region: string): FindingsError {
  if (error instanceof FindingsError) return error
  const { name: kind = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>
  if (kind === 'ValidationError' && /does not exist/.test(message)) return noStack(name, region)
  const detail = `CloudFormation in ${region}: ${kind}: ${message}`
  if (BAD_CREDENTIALS.has(kind))
    return fail(detail, { remedy: 'set AWS_PROFILE or credentials that aws sts get-caller-identity accepts' })
  if (/^AccessDenied/.test(kind))
    return fail(detail, {
      remedy: 'cloudformation:DescribeStacks, and for --smoke cloudformation:GetTemplate',
    })
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED/.test(`${message} ${(error as { code?: string }).code}`))
    return fail(detail, { remedy: 'is the region spelt right, and AWS within reach?' })
  return fail(detail)
}

function noStack(name: string, region: string): FindingsError {
  return fail(`there is no stack ${name} in ${region}`, {
    remedy: 'check --stack, --region and the account of your credentials',
  })
}
