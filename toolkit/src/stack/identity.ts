import { fail } from '../errors.ts'

/** The stack, account and region that a local run pretends to be in. */
export interface StackIdentity {
  stackName: string
  region: string
  accountId: string
  partition: string
  stackId: string
}

/** A made-up account, as AWS's own examples use it. */
const ACCOUNT_ID = '123456789012'

/** Everything CloudFormation would know about the stack. The region decides the partition. */
export function stackIdentity(stackName: string, region: string): StackIdentity {
  if (!/^[A-Za-z][-A-Za-z0-9]*$/.test(stackName)) {
    throw fail(`stack name ${JSON.stringify(stackName)} is not possible`, {
      remedy: 'use letters, digits and hyphens, a letter first',
    })
  }
  const partition = partitionOf(region)
  const stackId = `arn:${partition}:cloudformation:${region}:${ACCOUNT_ID}:stack/${stackName}/local`
  return { stackName, region, accountId: ACCOUNT_ID, partition, stackId }
}

/** Pseudo parameters of the stack. */
export function pseudoParameters(identity: StackIdentity): Record<string, unknown> {
  return {
    'AWS::AccountId': identity.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': identity.partition,
    'AWS::Region': identity.region,
    'AWS::StackId': identity.stackId,
    'AWS::StackName': identity.stackName,
    'AWS::URLSuffix': identity.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
