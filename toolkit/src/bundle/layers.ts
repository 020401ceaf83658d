import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../errors.ts'
import type { LayerResource } from '../template/layers.ts'
import { runMake, usesMakefile } from './makefile.ts'

/** A layer with its contents as they are to lie under `/opt`. */
export interface BuiltLayer {
  resource: LayerResource
  dir: string
}

/** Builds every layer that has a Makefile, and takes the others as they lie there. Never throws. */
export async function buildLayers(
  layers: LayerResource[],
  outputDir: string,
): Promise<{ built: BuiltLayer[]; findings: Finding[] }> {
  const built: BuiltLayer[] = []
  const findings: Finding[] = []
  // One after another: their Makefiles may install the packages of the same workspace.
  for (const resource of layers) {
    const dir = await buildLayer(resource, join(outputDir, 'layers', resource.logicalId), findings)
    if (dir !== undefined) built.push({ resource, dir })
  }
  return { built, findings }
}

/**
 * One directory with the contents of all these layers, a later one's files in place of an earlier one's, as Lambda does it
 * under `/opt`. Undefined when there are none.
 */
export function mergeLayers(layers: BuiltLayer[], outdir: string): string | undefined {
  if (layers.length <= 1) return layers[0]?.dir
  for (const { dir } of layers) cpSync(dir, outdir, { recursive: true })
  return outdir
}

async function buildLayer(
  { logicalId, contentDir, metadata, place }: LayerResource,
  outdir: string,
  findings: Finding[],
): Promise<string | undefined> {
  if (!existsSync(contentDir)) {
    findings.push({
      message: `${logicalId}: the layer's directory ${contentDir} does not exist`,
      place,
      remedy: 'correct ContentUri; it is relative to the template',
    })
    return undefined
  }
  if (!usesMakefile(metadata)) return contentDir
  const made = await runMake({ logicalId, codeDir: contentDir, place }, outdir)
  findings.push(...made.findings)
  return made.findings.length === 0 ? outdir : undefined
}
