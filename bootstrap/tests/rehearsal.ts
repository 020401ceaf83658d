import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CloudFormation,
  CustomResources,
  Functions,
  Macros,
  nominal,
  type Place,
  type Provider,
  packageCode,
  RecordingProxy,
  RouterServices,
  type Transform,
} from '@lpr/test-kit/cloudformation'
import { Moto, translateSam } from '@lpr/test-kit/python'
import * as esbuild from 'esbuild'
import { readCase } from '../router-macro/scripts/case.mjs'

export type Template = Record<string, unknown>

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const place: Place = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal' }
const SAM = 'AWS::Serverless-2016-10-31'

/**
 * An account in which stacks can be deployed. Real are: the SAM transform, the bundles of macro and publisher as
 * processes behind the Lambda API, the demo's functions, the router. Stand-ins are CloudFormation, Lambda, and moto's S3.
 */
export class Rehearsal {
  readonly cloudFormation: CloudFormation
  readonly s3: S3Client
  readonly customResources: CustomResources
  /** What the publisher asks of S3, and the router of S3 and of Lambda. */
  readonly calls: { publisherS3: RecordingProxy; routerS3: RecordingProxy; routerLambda: RecordingProxy }
  readonly #closers: (() => unknown)[]

  private constructor(parts: Omit<Rehearsal, 'stop'>, closers: (() => unknown)[]) {
    this.cloudFormation = parts.cloudFormation
    this.s3 = parts.s3
    this.customResources = parts.customResources
    this.calls = parts.calls
    this.#closers = closers
  }

  /** `codeDirectory` says where the built code of a function lies, by logical id. */
  static async start(codeDirectory: (logicalId: string) => string): Promise<Rehearsal> {
    const closers: (() => unknown)[] = []
    const own = <T extends { stop(): unknown }>(service: T): T => {
      closers.unshift(() => service.stop())
      return service
    }
    const directory = mkdtempSync(join(tmpdir(), 'lpr-rehearsal-'))
    closers.unshift(() => rmSync(directory, { recursive: true }))
    const moto = own(await Moto.start())
    const s3 = new S3Client({ endpoint: moto.url, forcePathStyle: true, region: place.region, credentials })
    const publisherS3 = own(await RecordingProxy.start(moto.url))
    const routerS3 = own(await RecordingProxy.start(moto.url))
    const certificate = join(directory, 'ca.pem')
    const functions = own(
      await Functions.start({
        place,
        codeDirectory,
        environment: () => ({ AWS_ENDPOINT_URL_S3: publisherS3.url, NODE_EXTRA_CA_CERTS: certificate }),
      }),
    )
    const invoke = (arn: string, event: unknown) => functions.invoke(arn, event)
    const customResources = own(await CustomResources.start(invoke))
    writeFileSync(certificate, customResources.certificate)
    const routerLambda = own(await RecordingProxy.start(functions.url))
    const routers = own(
      new RouterServices({
        ...CREDENTIALS,
        AWS_ENDPOINT_URL_S3: routerS3.url,
        AWS_ENDPOINT_URL_LAMBDA: routerLambda.url,
      }),
    )
    const transforms = new Map([[SAM, sam]])
    const providers = {
      ...nominalProviders,
      'AWS::CloudFormation::Macro': new Macros(place, invoke, transforms),
      'AWS::Lambda::Function': functions,
      'AWS::S3::Bucket': buckets(s3),
      'Custom::LprConfigPublisher': customResources,
      'AWS::AppRunner::Service': routers,
      'AWS::ECS::ExpressGatewayService': routers,
    }
    const cloudFormation = new CloudFormation({ place, providers, transforms })
    const calls = { publisherS3, routerS3, routerLambda }
    return new Rehearsal({ cloudFormation, s3, customResources, calls }, closers)
  }

  /** Ends everything, last started first. */
  async stop(): Promise<void> {
    this.s3.destroy()
    for (const close of this.#closers) await close()
  }
}

/** A template by its path in the repository or an absolute one, its code where an upload would have put it. */
export function readTemplate(path: string): Template {
  return packageCode(readCase(readFileSync(resolve(root, path), 'utf8')).fragment)
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

const credentials = {
  accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
  secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
}

const sam: Transform = async (template, parameters) => {
  const { stack } = await translateSam(
    { stack: { template: { Transform: SAM, ...template }, parameters } },
    place.region,
  )
  return stack
}

/** Resources that only have to have names here. */
const nominalProviders: Record<string, Provider> = {
  'AWS::IAM::Role': nominal((name) => ({ Arn: `arn:aws:iam::${place.accountId}:role/${name}` })),
  'AWS::Logs::LogGroup': nominal((name) => ({
    Arn: `arn:aws:logs:${place.region}:${place.accountId}:log-group:${name}:*`,
  })),
  'AWS::S3::BucketPolicy': nominal(() => ({})),
  'AWS::Lambda::Permission': nominal(() => ({})),
  'AWS::Lambda::Url': nominal((name) => ({ FunctionUrl: `https://${name}.lambda-url.test/` })),
  'AWS::AppRunner::AutoScalingConfiguration': nominal((name) => ({
    AutoScalingConfigurationArn: `arn:aws:apprunner:${place.region}:${place.accountId}:autoscalingconfiguration/${name}`,
  })),
}

function buckets(s3: S3Client): Provider {
  return {
    create: async ({ stackName, logicalId }) => {
      const Bucket = `${stackName}-${logicalId}`.toLowerCase()
      const CreateBucketConfiguration = { LocationConstraint: place.region as 'eu-central-1' }
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))
      return { physicalId: Bucket, attributes: { Arn: `arn:aws:s3:::${Bucket}` } }
    },
    update: async (_, { physicalId }) => ({
      physicalId,
      attributes: { Arn: `arn:aws:s3:::${physicalId}` },
    }),
    delete: async () => undefined,
  }
}

/**
 * Makes of every function what `sam build` makes of it, in directories by logical id, away from the repository and its
 * packages. Gives back the directory of directories.
 */
export function buildCode(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-code-'))
  execFileSync(process.execPath, [
    join(root, 'scripts', 'build.mjs'),
    'macro',
    'publisher',
    'router',
    'toolkit',
  ])
  const bundle = (name: string) => join(root, 'bootstrap', name, 'dist', 'app.mjs')
  cpSync(bundle('router-macro'), join(directory, 'RouterMacroFunction', 'app.mjs'))
  cpSync(bundle('config-publisher'), join(directory, 'ConfigPublisherFunction', 'app.mjs'))
  linkSdk(join(directory, 'ConfigPublisherFunction'))
  const resources = readTemplate('sam/template.yaml').Resources as Record<string, Resource>
  for (const [logicalId, { Type, Metadata }] of Object.entries(resources)) {
    if (Type === 'AWS::Serverless::Function')
      buildSample(join(directory, logicalId), Metadata?.BuildProperties?.EntryPoints ?? [])
  }
  return directory
}

/** Lambda's runtime brings the SDK. */
export function linkSdk(directory: string): void {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir')
}

interface Resource {
  Type: string
  Metadata?: { BuildProperties?: { EntryPoints?: string[] } }
}

function buildSample(outdir: string, entryPoints: string[]): void {
  const absWorkingDir = join(root, 'sam', 'src')
  const options = { absWorkingDir, entryPoints, outdir, conditions: ['lpr-source'] }
  esbuild.buildSync({ ...options, bundle: true, platform: 'node', format: 'cjs', target: 'es2022' })
}
