import { isDeepStrictEqual } from 'node:util'
import { allow } from './allow.ts'
import { branches, isAbsent, withDefault } from './intrinsics.ts'
import { vendorOf } from './observability.ts'
import type { Report } from './problems.ts'
import { ids, type Router, section } from './router.ts'
import { targetsOf } from './targets.ts'
import { getAtt, type JsonObject, type Resource, sub } from './template.ts'

interface Policy {
  name: string
  statements: JsonObject[]
}

/** A role that a service assumes, with managed policies of AWS (names) and one inline policy. */
export function role(principal: string, managed: string[], policy?: Policy): Resource {
  const properties: JsonObject = {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }],
    },
  }
  // AWS::Partition, because the same template has to work in China and GovCloud.
  if (managed.length > 0)
    properties.ManagedPolicyArns = managed.map((name) =>
      sub(`arn:\${AWS::Partition}:iam::aws:policy/${name}`),
    )
  if (policy !== undefined && policy.statements.length > 0)
    properties.Policies = [
      {
        PolicyName: policy.name,
        PolicyDocument: { Version: '2012-10-17', Statement: policy.statements },
      },
    ]
  return { Type: 'AWS::IAM::Role', Properties: properties }
}

/** The router's own role by logical id, unless the template brings one in every branch. */
export function routerRole(router: Router, statements: JsonObject[]): Record<string, Resource> {
  if (!branches(givenRole(router.properties)).some(isAbsent)) return {}
  const managed = vendorOf(router) === 'AWSXRAY' ? ['AWSXRayDaemonWriteAccess'] : []
  const policy = { name: 'LprRouterInstancePolicy', statements }
  return { [ids(router).routerRole]: role(router.platform.routerPrincipal, managed, policy) }
}

/** ARN of the role that the router runs under: the one given, else the macro's. */
export function routerRoleArn(router: Router): unknown {
  return withDefault(givenRole(router.properties), getAtt(ids(router).routerRole, 'Arn'))
}

/** Reports two roles where one is meant. */
export function checkRole(view: JsonObject, report: Report): void {
  const [one, other] = [view.InstanceRoleArn, section(view, 'InstanceConfiguration').InstanceRoleArn]
  if (one !== undefined && other !== undefined && !isDeepStrictEqual(one, other))
    report('InstanceRoleArn', 'differs from InstanceConfiguration.InstanceRoleArn, give one of them')
}

/** What every router has to do: read its manifest and invoke its targets, and nothing else. */
export function routerStatements(router: Router): JsonObject[] {
  return [
    ...allow('ReadRouterConfig', 's3:GetObject', [configObjects(router)]),
    // Both ways to invoke need lambda:InvokeFunction; there is no action for streams.
    ...allow('InvokeTargetLambdas', 'lambda:InvokeFunction', targetsOf(router.properties.Spec)),
  ]
}

/** Named through the publisher, so that the role reads exactly where the publisher writes. */
function configObjects(router: Router): JsonObject {
  const { publisher } = ids(router)
  const variables = { Bucket: getAtt(publisher, 'BucketName'), Prefix: getAtt(publisher, 'Prefix') }
  return { 'Fn::Sub': [`arn:\${AWS::Partition}:s3:::\${Bucket}/\${Prefix}config/*`, variables] }
}

function givenRole(properties: JsonObject): unknown {
  return properties.InstanceRoleArn ?? section(properties, 'InstanceConfiguration').InstanceRoleArn
}
