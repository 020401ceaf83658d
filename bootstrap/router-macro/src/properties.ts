import { unknownKey } from '@lpr/contract'
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
  ConfigPrefix: optional(text(/^[^*?$\p{Cc}]*$/u, 'a key prefix without *, ?, $ and control characters')),
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

/** Property names of either platform. */
export function fieldsOf(platform: Platform): Fields {
  return { ...COMMON, ...platform.fields }
}

/** Reports properties that are unknown, missing, of the wrong shape, or of the other platform only. */
export function checkProperties(
  view: JsonObject,
  platform: Platform,
  others: Platform[],
  report: Report,
): void {
  const fields = fieldsOf(platform)
  const known: JsonObject = {}
  for (const [name, value] of Object.entries(view)) {
    if (Object.hasOwn(fields, name)) known[name] = value
    else
      report(
        name,
        platform.refusals[name] ?? otherPlatform(name, others) ?? unknownKey(name, Object.keys(fields)),
      )
  }
  checkShape(known, map(fields), '', report)
}

function otherPlatform(name: string, others: Platform[]): string | undefined {
  const owner = others.find(({ fields }) => Object.hasOwn(fields, name))
  return owner && `is for ComputePlatform ${owner.name} only`
}
