import { plainVariables, secretEntries, secretVariables } from '../environment.ts'
import { role, routerRole, routerRoleArn, routerStatements } from '../iam.ts'
import { imageIdentifier } from '../image.ts'
import { mapBranches, withDefault } from '../intrinsics.ts'
import type { Report } from '../problems.ts'
import { ids, type Router, section } from '../router.ts'
import { checkScaling } from '../scaling.ts'
import { secretStatements } from '../secrets.ts'
import { asInteger, integer, list, map, optional, refused, text, writtenOut } from '../shapes.ts'
import { cpuUnits, DEFAULT_SIZE, memoryMegabytes, steps } from '../sizing.ts'
import { defined, getAtt, type JsonObject, type Resource } from '../template.ts'
import type { Platform } from './platform.ts'

const EXECUTION_POLICY = 'service-role/AmazonECSTaskExecutionRolePolicy'
const INFRASTRUCTURE_POLICY = 'service-role/AmazonECSInfrastructureRoleforExpressGatewayServices'

/** The load balancer closes a connection without a byte after this time; ECS Express Mode cannot change it. */
const IDLE_TIMEOUT_MS = 60_000
/** From SIGTERM to SIGKILL. */
const STOP_TIMEOUT_MS = 30_000

const DEFAULT_SCALING = { min: 1, max: 20, concurrency: 100 }
/** Requests a minute that keep one place busy if each takes a second: in-flight limits translated for ECS. */
const REQUESTS_A_MINUTE = 60

const ELSEWHERE = 'is for App Runner only'
const HEALTH_CHECK = `${ELSEWHERE}: ECS Express Mode lets only the path be chosen`
const NETWORK = `${ELSEWHERE}: on ECS Express Mode the Subnets decide, and private ones make the router private`
const SCALING = `${ELSEWHERE}: set Scaling, which works on either platform`

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-expressgatewayservice.html */
export const ecsExpress: Platform = {
  name: 'ECS_EXPRESS',
  title: 'ECS Express Mode',
  fields: {
    ServiceName: optional(text(/^.{1,255}$/s, '1 to 255 characters')),
    Scaling: writtenOut(
      map({
        MinInstances: optional(integer(1)),
        MaxInstances: optional(integer(1)),
        // Known, because it is multiplied; limited, because the service's target value goes up to 65536.
        MaxConcurrency: { shape: integer(1, Math.floor(65_536 / REQUESTS_A_MINUTE)), known: 'branches' },
      }),
    ),
    NetworkConfiguration: optional(
      map({
        SecurityGroups: optional(list(text())),
        Subnets: optional(list(text())),
        EgressConfiguration: refused(NETWORK),
        IngressConfiguration: refused(NETWORK),
        IpAddressType: refused(NETWORK),
      }),
    ),
    HealthCheckConfiguration: writtenOut(
      map({
        Path: optional(text(/^\//, 'a path that starts with /')),
        Protocol: refused(HEALTH_CHECK),
        Interval: refused(HEALTH_CHECK),
        Timeout: refused(HEALTH_CHECK),
        HealthyThreshold: refused(HEALTH_CHECK),
        UnhealthyThreshold: refused(HEALTH_CHECK),
      }),
    ),
    ObservabilityConfigurationArn: refused(`${ELSEWHERE}: set ObservabilityConfiguration.Vendor to OTEL`),
    AutoDeploymentsEnabled: refused(
      `${ELSEWHERE}: ECS Express Mode takes the image of a tag at each deployment`,
    ),
    AutoScalingConfiguration: refused(SCALING),
    AutoScalingConfigurationArn: refused(SCALING),
    EncryptionConfiguration: refused(`${ELSEWHERE}: ECS Express Mode has no setting for it`),
  },
  responseLimit: {
    ms: IDLE_TIMEOUT_MS,
    reason: 'the load balancer of ECS Express Mode ends a request that has got no byte for 60 s',
  },
  routerPrincipal: 'ecs-tasks.amazonaws.com',
  routerRoleSuffix: 'LprTaskRole',
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  sizes: {
    256: [512, 1024, 2048],
    512: steps(1024, 4096, 1024),
    1024: steps(2048, 8192, 1024),
    2048: steps(4096, 16384, 1024),
    4096: steps(8192, 30720, 1024),
    8192: steps(16384, 61440, 4096),
    16384: steps(32768, 122880, 8192),
  },
  urlAttribute: 'Endpoint',
  check,
  resources,
}

function check(view: JsonObject, report: Report): void {
  checkScaling(view, DEFAULT_SCALING, report)
  if (section(view, 'ObservabilityConfiguration').Vendor === 'AWSXRAY')
    report(
      'ObservabilityConfiguration.Vendor',
      'AWSXRAY needs the collector that App Runner runs beside each instance, and ECS Express Mode allows no second ' +
        'container: use OTEL with a collector of your own',
    )
  checkTimers(section(view, 'RouterConfig'), report)
}

function checkTimers({ KeepAliveTimeoutMs, ShutdownTimeoutMs }: JsonObject, report: Report): void {
  const keepAlive = asInteger(KeepAliveTimeoutMs)
  if (keepAlive !== undefined && keepAlive <= IDLE_TIMEOUT_MS)
    report(
      'RouterConfig.KeepAliveTimeoutMs',
      `must be more than ${IDLE_TIMEOUT_MS}, got ${keepAlive}: the load balancer keeps connections for 60 s, and a ` +
        'request on one that the router has closed fails',
    )
  const shutdown = asInteger(ShutdownTimeoutMs)
  if (shutdown !== undefined && shutdown >= STOP_TIMEOUT_MS)
    report(
      'RouterConfig.ShutdownTimeoutMs',
      `must be less than ${STOP_TIMEOUT_MS}, got ${shutdown}: ECS kills a task 30 s after SIGTERM`,
    )
}

function resources(router: Router): Record<string, Resource> {
  const { executionRole, infrastructureRole } = ids(router)
  const statements = secretStatements(Object.values(secretVariables(router)), router.scope)
  const secrets = { name: 'LprRouterSecretsPolicy', statements }
  return {
    [router.logicalId]: service(router),
    // Here the execution role fetches the secrets, not the router's own role.
    [executionRole]: role('ecs-tasks.amazonaws.com', [EXECUTION_POLICY], secrets),
    [infrastructureRole]: role('ecs.amazonaws.com', [INFRASTRUCTURE_POLICY]),
    ...routerRole(router, routerStatements(router)),
  }
}

/** Sizes, health check and scaling are always written out: AWS's own documents disagree on the defaults. */
function service(router: Router): Resource {
  const { properties } = router
  const { executionRole, infrastructureRole } = ids(router)
  const { Cpu, Memory } = section(properties, 'InstanceConfiguration')
  const Properties = defined({
    ServiceName: properties.ServiceName,
    ExecutionRoleArn: getAtt(executionRole, 'Arn'),
    // GetAtt also makes CloudFormation delete the service before the role, which has to outlive it.
    InfrastructureRoleArn: getAtt(infrastructureRole, 'Arn'),
    TaskRoleArn: routerRoleArn(router),
    Cpu: size(router, withDefault(Cpu, DEFAULT_SIZE.Cpu), cpuUnits),
    Memory: size(router, withDefault(Memory, DEFAULT_SIZE.Memory), memoryMegabytes),
    HealthCheckPath: withDefault(section(properties, 'HealthCheckConfiguration').Path, '/readyz'),
    NetworkConfiguration: properties.NetworkConfiguration,
    PrimaryContainer: container(router),
    ScalingTarget: scalingTarget(router),
    Tags: properties.Tags,
  })
  return { Type: 'AWS::ECS::ExpressGatewayService', Properties }
}

function container(router: Router): JsonObject {
  const { properties, scope } = router
  const secrets = secretEntries(router, 'ValueFrom')
  const port = mapBranches(
    withDefault(properties.Port, 8080),
    (leaf) => asInteger(scope.resolve(leaf)) ?? leaf,
  )
  return defined({
    Image: imageIdentifier(router),
    ContainerPort: port,
    Environment: plainVariables(router),
    Secrets: secrets.length > 0 ? secrets : undefined,
  })
}

/** In the units that ECS takes; a value not known yet has to be in them already. */
function size({ scope }: Router, value: unknown, parse: (literal: unknown) => number | undefined): unknown {
  return mapBranches(value, (leaf) => {
    const units = parse(scope.resolve(leaf))
    return units === undefined ? leaf : String(units)
  })
}

/**
 * A router waits more than it computes, so requests tell more than CPU. ECS counts them by the minute and knows no
 * limit of requests in flight; the translation takes a request to last a second.
 */
function scalingTarget({ properties, scope }: Router): JsonObject {
  const { MinInstances, MaxInstances, MaxConcurrency } = section(properties, 'Scaling')
  return {
    MinTaskCount: withDefault(MinInstances, DEFAULT_SCALING.min),
    MaxTaskCount: withDefault(MaxInstances, DEFAULT_SCALING.max),
    AutoScalingMetric: 'REQUEST_COUNT_PER_TARGET',
    AutoScalingTargetValue: mapBranches(withDefault(MaxConcurrency, DEFAULT_SCALING.concurrency), (leaf) => {
      const concurrency = asInteger(scope.resolve(leaf))
      return concurrency === undefined ? leaf : concurrency * REQUESTS_A_MINUTE
    }),
  }
}
