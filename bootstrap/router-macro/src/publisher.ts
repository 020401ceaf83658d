import { mapBranches, withDefault } from './intrinsics.ts'
import { DEFAULT_PORT, publishedConfig } from './manifest.ts'
import type { Router } from './router.ts'
import { type Resource, sub } from './template.ts'

/** Exported by the bootstrap stack. */
const SERVICE_TOKEN = { 'Fn::ImportValue': 'LprConfigPublisherServiceToken' }
/** Without it a publisher that dies would hold the stack for an hour. */
const SERVICE_TIMEOUT_SECONDS = 120

/** The custom resource that publishes the router's manifest. */
export function publisher({ logicalId, properties }: Router): Resource {
  const { ConfigPrefix, Port, RouterConfig, Spec } = properties
  return {
    Type: 'Custom::LprConfigPublisher',
    Properties: {
      ServiceToken: SERVICE_TOKEN,
      ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
      Prefix: withDefault(ConfigPrefix, sub(`lpr/\${AWS::StackName}/${logicalId}/`)),
      Port: mapBranches(withDefault(Port, DEFAULT_PORT), (port) =>
        typeof port === 'number' ? String(port) : port,
      ),
      RouterConfig: publishedConfig(RouterConfig),
      Spec,
    },
  }
}
