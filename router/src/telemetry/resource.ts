import { randomUUID } from 'node:crypto'
import { VERSION } from '@lpr/contract'
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources'

/**
 * Who sends the telemetry. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win; a platform is claimed only where the
 * platform itself says so.
 */
export function routerResource(environment: Record<string, string | undefined>): Resource {
  const onEcs = environment.ECS_CONTAINER_METADATA_URI_V4 !== undefined
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': 'lpr-router',
        'service.version': VERSION,
        'service.instance.id': randomUUID(),
        ...(onEcs ? { 'cloud.provider': 'aws', 'cloud.platform': 'aws_ecs' } : {}),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }))
}
