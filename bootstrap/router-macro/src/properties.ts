import type { Platform } from './platforms/platform.ts'
import type { Report } from './problems.ts'
import {
  any,
  checkShape,
  choice,
  type Fields,
  integer,
  list,
  map,
  openMap,
  optional,
  required,
  text,
  writtenOut,
} from './shapes.ts'
import type { JsonObject } from './template.ts'

/** Tags as CloudFormation takes them. */
const TAGS = list(map({ Key: required(text()), Value: required(text(/^/, 'a string')) }), 0, 50)

const OPENTELEMETRY = map({
  TracesEndpoint: required(text()),
  Protocol: optional(choice('http/protobuf', 'grpc')),
  HeadersSecretArn: optional(text(/^arn:aws[a-z-]*:secretsmanager:/, 'the ARN of a Secrets Manager secret')),
})

/** Properties that either platform has. */
const COMMON: Fields = {
  RouterConfig: { shape: openMap, required: true, known: 'keys' },
  // That it is there, and what is in it, is for the shared schema to say.
  Spec: writtenOut(any),
  ComputePlatform: { shape: any, known: 'value' },
  ImageIdentifier: optional(text(/^/, 'a string')),
  ServiceName: optional(text()),
  Port: optional(integer(1, 65535)),
  Environment: writtenOut(openMap),
  EnvironmentSecrets: writtenOut(openMap),
  // IAM would read * and ? as wildcards and ${...} as a variable.
  ConfigPrefix: optional(
    text(/^[^*?$\p{Cc}]{0,512}$/u, 'a key prefix of at most 512 characters, without *, ? and $'),
  ),
  InstanceRoleArn: optional(text(/^arn:aws[a-z-]*:iam::/, 'the ARN of a role')),
  InstanceConfiguration: writtenOut(
    map({
      Cpu: optional(any),
      Memory: optional(any),
      InstanceRoleArn: optional(text(/^arn:aws[a-z-]*:iam::/, 'the ARN of a role')),
    }),
  ),
  ObservabilityConfiguration: writtenOut(
    map({
      Vendor: { shape: choice('AWSXRAY', 'OTEL'), required: true, known: 'value' },
      OpentelemetryConfiguration: writtenOut(OPENTELEMETRY),
    }),
  ),
  Tags: optional(TAGS),
}

/** The properties that a router has on a platform. */
export function fieldsOf(platform: Platform): Fields {
  return { ...COMMON, ...platform.fields }
}

/** Reports properties that are unknown, missing, of the wrong shape, or not to be had on the platform. */
export function checkProperties(view: JsonObject, platform: Platform, report: Report): void {
  checkShape(view, map(fieldsOf(platform)), '', report)
}
