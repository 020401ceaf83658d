import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CloudFormation,
  CustomResources,
  Functions,
  type FunctionsOptions,
  Layers,
  Macros,
  nominal,
  type Place,
  type Provider,
  RecordingProxy,
  RouterServices,
  type Transform,
} from '@lpr/test-kit/cloudformation'
import { Moto, translateSam } from '@lpr/test-kit/python'

export const place: Place = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal' }
const SAM = 'AWS::Serverless-2016-10-31'

/**
 * An account in which stacks can be deployed. Real are: the SAM transform, the bundles of macro and publisher as
 * processes behind the Lambda API, the demo's functions, the router. Stand-ins are CloudFormation, Lambda, and moto's S3.
 */
export interface Rehearsal {
  cloudFormation: CloudFormation
  /** Not recorded. */
  s3: S3Client
  customResources: CustomResources
  /** What the publisher asks of S3, and the router of S3 and of Lambda. */
  calls: { publisherS3: RecordingProxy; routerS3: RecordingProxy; routerLambda: RecordingProxy }
  stop(): Promise<void>
}

/** `codeDirectory` says where the built code of a function, or the contents of a layer, lie, by logical id. */
export async function startRehearsal(codeDirectory: (logicalId: string) => string): Promise<Rehearsal> {
  const started = new Started()
  const { s3, publisherS3, routerS3 } = await startStorage(started)
  const layers = new Layers(place, codeDirectory)
  const options = { place, codeDirectory, layers }
  const { functions, customResources } = await startFunctions(started, options, publisherS3.url)
  const routerLambda = started.own(await RecordingProxy.start(functions.url))
  const endpoints = { AWS_ENDPOINT_URL_S3: routerS3.url, AWS_ENDPOINT_URL_LAMBDA: routerLambda.url }
  const routers = started.own(new RouterServices({ ...CREDENTIALS, ...endpoints }))
  const transforms = new Map([[SAM, sam]])
  const providers = {
    ...nominalProviders,
    'AWS::CloudFormation::Macro': new Macros(place, (arn, event) => functions.invoke(arn, event), transforms),
    'AWS::Lambda::Function': functions,
    'AWS::Lambda::LayerVersion': layers,
    'AWS::S3::Bucket': buckets(s3),
    'Custom::LprConfigPublisher': customResources,
    'AWS::AppRunner::Service': routers,
    'AWS::ECS::ExpressGatewayService': routers,
  }
  const cloudFormation = new CloudFormation({ place, providers, transforms })
  const calls = { publisherS3, routerS3, routerLambda }
  return { cloudFormation, s3, customResources, calls, stop: () => started.stop() }
}

/** What has to be ended again, last started first. */
class Started {
  readonly #stops: (() => unknown)[] = []

  own<T extends { stop(): unknown }>(service: T): T {
    this.#stops.unshift(() => service.stop())
    return service
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop()
  }
}

async function startStorage(started: Started) {
  const { url } = started.own(await Moto.start())
  const credentials = {
    accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  }
  const s3 = new S3Client({ endpoint: url, forcePathStyle: true, region: place.region, credentials })
  started.own({ stop: () => s3.destroy() })
  const publisherS3 = started.own(await RecordingProxy.start(url))
  const routerS3 = started.own(await RecordingProxy.start(url))
  return { s3, publisherS3, routerS3 }
}

async function startFunctions(
  started: Started,
  options: Omit<FunctionsOptions, 'environment'>,
  s3Url: string,
) {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-rehearsal-'))
  started.own({ stop: () => rmSync(directory, { recursive: true }) })
  const certificate = join(directory, 'ca.pem')
  const environment = () => ({ AWS_ENDPOINT_URL_S3: s3Url, NODE_EXTRA_CA_CERTS: certificate })
  const functions = started.own(await Functions.start({ ...options, environment }))
  const customResources = started.own(
    await CustomResources.start((arn, event) => functions.invoke(arn, event)),
  )
  writeFileSync(certificate, customResources.certificate)
  return { functions, customResources }
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
