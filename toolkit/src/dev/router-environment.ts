import type { ContainerEnvironment } from '../stack/router-resources.ts'

export interface Endpoints {
  lambda: string
  s3: string
}

/** Enough for Node.js to run as it does for the user; nothing else of the user's shell reaches the router. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'NODE_EXTRA_CA_CERTS']

/** Credentials that sign requests to the local services, which do not check them. */
export const DUMMY_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_EC2_METADATA_DISABLED: 'true',
  // The SDK's notice about future Node.js versions is for those who build this tool, not for those who run it.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
}

/**
 * Environment of the local router: that of its container, pointed at the local services. The exporters of the template
 * are left out, because they point at collectors of the cloud; those of the user's own shell take their place.
 */
export function routerEnvironment(
  container: ContainerEnvironment,
  { configUri, region, endpoints }: { configUri: string; region: string; endpoints: Endpoints },
  shell: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const exporters = Object.keys(shell).filter((name) => name.startsWith('OTEL_'))
  return {
    ...pick(shell, [...INHERITED, ...exporters]),
    ...Object.fromEntries(Object.entries(container.variables).filter(([name]) => !isExporter(name))),
    ...pick(shell, exporters),
    ...DUMMY_CREDENTIALS,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    LPR_CONFIG_URI: configUri,
    LPR_INCLUDE_BATCH_SIZE_HEADER: '1',
  }
}

/** What of the container's environment a local run does without, as notes for the user. */
export function environmentNotes(
  container: ContainerEnvironment,
  shell: NodeJS.ProcessEnv = process.env,
): string[] {
  const notes: string[] = []
  if (container.secrets.length > 0)
    notes.push(`secrets are not read locally: ${container.secrets.join(', ')}`)
  const exporting = Object.keys(container.variables).some(isExporter)
  if (exporting && !Object.keys(shell).some(isExporter)) {
    notes.push('traces are off locally; set OTEL_EXPORTER_OTLP_ENDPOINT in your shell to send them somewhere')
  }
  return notes
}

function isExporter(name: string): boolean {
  return name.startsWith('OTEL_EXPORTER_')
}

function pick(environment: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  const found = names.map((name) => [name, environment[name]] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
