import { plainVariables, secretEntries, secretVariables } from '../environment.ts'
import { role, routerRole, routerRoleArn, routerStatements } from '../iam.ts'
import { checkAppRunnerImage, followsImage, imageIdentifier, imageSource, needsEcrAccess } from '../image.ts'
import { mapBranches, NO_VALUE, withDefault } from '../intrinsics.ts'
import { vendorOf } from '../observability.ts'
import type { Report } from '../problems.ts'
import { ids, type Router, section } from '../router.ts'
import { checkScaling } from '../scaling.ts'
import { secretStatements } from '../secrets.ts'
import { boolean, choice, integer, list, map, optional, required, text, writtenOut } from '../shapes.ts'
import { defined, getAtt, type JsonObject, type Resource } from '../template.ts'
import type { Platform } from './platform.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apprunner-service.html */
export const appRunner: Platform = {
  name: 'APP_RUNNER',
  title: 'App Runner',
  fields: {
    ServiceName: optional(text(/^[A-Za-z0-9][A-Za-z0-9_-]{3,39}$/, '4 to 40 letters, digits, - and _')),
    AutoDeploymentsEnabled: optional(boolean),
    AutoScalingConfigurationArn: optional(
      text(/^arn:aws[a-z-]*:apprunner:/, 'the ARN of an auto scaling configuration'),
    ),
    AutoScalingConfiguration: writtenOut(
      map({
        AutoScalingConfigurationName: optional(
          text(/^[A-Za-z0-9][A-Za-z0-9_-]{3,31}$/, '4 to 32 letters, digits, - and _'),
        ),
        MaxConcurrency: optional(integer(1, 200)),
        MinSize: optional(integer(1, 25)),
        MaxSize: optional(integer(1)),
        Tags: optional(list(map({ Key: optional(text()), Value: optional(text(/^/, 'a string')) }))),
      }),
    ),
    Scaling: writtenOut(
      map({
        MinInstances: optional(integer(1, 25)),
        MaxInstances: optional(integer(1)),
        MaxConcurrency: optional(integer(1, 200)),
      }),
    ),
    NetworkConfiguration: optional(
      map({
        EgressConfiguration: optional(
          map({
            EgressType: required(choice('DEFAULT', 'VPC')),
            VpcConnectorArn: optional(text(/^arn:/, 'an ARN')),
          }),
        ),
        IngressConfiguration: optional(map({ IsPubliclyAccessible: required(boolean) })),
        IpAddressType: optional(choice('IPV4', 'DUAL_STACK')),
      }),
    ),
    HealthCheckConfiguration: writtenOut(
      map({
        Protocol: optional(choice('HTTP', 'TCP')),
        Path: optional(text(/^\//, 'a path that starts with /')),
        Interval: optional(integer(1, 20)),
        Timeout: optional(integer(1, 20)),
        HealthyThreshold: optional(integer(1, 20)),
        UnhealthyThreshold: optional(integer(1, 20)),
      }),
    ),
    EncryptionConfiguration: optional(map({ KmsKey: required(text()) })),
  },
  responseLimit: { ms: 120_000, reason: 'App Runner ends a request, response included, after 120 s' },
  routerPrincipal: 'tasks.apprunner.amazonaws.com',
  routerRoleSuffix: 'LprInstanceRole',
  // https://docs.aws.amazon.com/apprunner/latest/dg/architecture.html
  sizes: {
    256: [512, 1024],
    512: [1024],
    1024: [2048, 3072, 4096],
    2048: [4096, 6144],
    4096: [8192, 10240, 12288],
  },
  urlAttribute: 'ServiceUrl',
  check,
  resources,
}

function check(view: JsonObject, report: Report): void {
  checkAppRunnerImage(view, report)
  checkScaling(view, { min: 1, max: 25 }, report)
  const given = ['Scaling', 'AutoScalingConfiguration', 'AutoScalingConfigurationArn'].filter(
    (name) => name in view,
  )
  if (given.length > 1) report(given[1] ?? '', `excludes ${given[0]}`)
  const image = view.ImageIdentifier
  const isPublic = typeof image === 'string' && image.trim().startsWith('public.ecr.aws/')
  if (isPublic && [true, 'true'].includes(view.AutoDeploymentsEnabled as string))
    report('AutoDeploymentsEnabled', 'must be false for an image on public.ecr.aws')
  const egress = section(section(view, 'NetworkConfiguration'), 'EgressConfiguration')
  const path = 'NetworkConfiguration.EgressConfiguration.VpcConnectorArn'
  if (egress.EgressType === 'VPC' && egress.VpcConnectorArn === undefined)
    report(path, 'is required for EgressType VPC')
}

function resources(router: Router): Record<string, Resource> {
  const { logicalId, scope } = router
  const { ecrAccessRole } = ids(router)
  const statements = [
    ...routerStatements(router),
    ...secretStatements(Object.values(secretVariables(router)), scope),
  ]
  return {
    [logicalId]: service(router),
    ...(needsEcrAccess(imageIdentifier(router), scope)
      ? {
          [ecrAccessRole]: role('build.apprunner.amazonaws.com', [
            'service-role/AWSAppRunnerServicePolicyForECRAccess',
          ]),
        }
      : {}),
    ...routerRole(router, statements),
    ...autoScaling(router),
    ...observability(router),
  }
}

function service(router: Router): Resource {
  const { properties } = router
  const { ServiceName, NetworkConfiguration, EncryptionConfiguration, Tags } = properties
  const Properties = defined({
    ServiceName,
    SourceConfiguration: source(router),
    InstanceConfiguration: {
      ...section(properties, 'InstanceConfiguration'),
      InstanceRoleArn: routerRoleArn(router),
    },
    HealthCheckConfiguration: healthCheck(properties),
    AutoScalingConfigurationArn: autoScalingArn(router),
    ObservabilityConfiguration: observabilityReference(router),
    NetworkConfiguration,
    EncryptionConfiguration,
    Tags,
  })
  return { Type: 'AWS::AppRunner::Service', Properties }
}

function source(router: Router): JsonObject {
  const { properties, scope } = router
  const image = imageIdentifier(router)
  const secrets = secretEntries(router, 'Value')
  const access = { AccessRoleArn: getAtt(ids(router).ecrAccessRole, 'Arn') }
  const authentication = mapBranches(image, (leaf) =>
    imageSource(leaf, scope) === 'ECR' ? access : NO_VALUE,
  )
  return defined({
    AuthenticationConfiguration: authentication === NO_VALUE ? undefined : authentication,
    AutoDeploymentsEnabled: withDefault(
      properties.AutoDeploymentsEnabled,
      mapBranches(image, (leaf) => followsImage(leaf, scope)),
    ),
    ImageRepository: {
      ImageIdentifier: image,
      ImageRepositoryType: mapBranches(image, (leaf) => imageSource(leaf, scope)),
      ImageConfiguration: defined({
        Port: mapBranches(withDefault(properties.Port, '8080'), portText),
        RuntimeEnvironmentVariables: plainVariables(router),
        RuntimeEnvironmentSecrets: secrets.length > 0 ? secrets : undefined,
      }),
    },
  })
}

function portText(port: unknown): unknown {
  return typeof port === 'number' ? String(port) : port
}

/** Three failures in a row, so that one slow probe under load does not take an instance out of service. */
function healthCheck(properties: JsonObject): JsonObject {
  const own = section(properties, 'HealthCheckConfiguration')
  const path = own.Protocol === 'TCP' ? {} : { Path: '/readyz' }
  const defaults = {
    Protocol: 'HTTP',
    ...path,
    Interval: 5,
    Timeout: 2,
    HealthyThreshold: 1,
    UnhealthyThreshold: 3,
  }
  // Branch by branch, as App Runner's own defaults differ from these: it would probe by TCP.
  const given = Object.entries(own).map(([name, value]) => [
    name,
    withDefault(value, defaults[name as keyof typeof defaults]),
  ])
  return { ...defaults, ...Object.fromEntries(given) }
}

function autoScaling(router: Router): Record<string, Resource> {
  const Properties = autoScalingProperties(router.properties)
  if (Properties === undefined) return {}
  return { [ids(router).autoScaling]: { Type: 'AWS::AppRunner::AutoScalingConfiguration', Properties } }
}

function autoScalingArn(router: Router): unknown {
  const { AutoScalingConfigurationArn: given } = router.properties
  if (autoScalingProperties(router.properties) === undefined) return given
  return getAtt(ids(router).autoScaling, 'AutoScalingConfigurationArn')
}

function autoScalingProperties(properties: JsonObject): JsonObject | undefined {
  if (properties.AutoScalingConfiguration !== undefined)
    return section(properties, 'AutoScalingConfiguration')
  if (properties.Scaling === undefined) return undefined
  const { MinInstances, MaxInstances, MaxConcurrency } = section(properties, 'Scaling')
  return defined({ MaxConcurrency, MinSize: MinInstances, MaxSize: MaxInstances })
}

function observability(router: Router): Record<string, Resource> {
  if (vendorOf(router) !== 'AWSXRAY') return {}
  const Properties = { TraceConfiguration: { Vendor: 'AWSXRAY' } }
  return { [ids(router).observability]: { Type: 'AWS::AppRunner::ObservabilityConfiguration', Properties } }
}

function observabilityReference(router: Router): JsonObject | undefined {
  if (vendorOf(router) !== 'AWSXRAY') return undefined
  const arn = getAtt(ids(router).observability, 'ObservabilityConfigurationArn')
  return { ObservabilityEnabled: true, ObservabilityConfigurationArn: arn }
}
