import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { basename } from 'node:path'
import * as esbuild from 'esbuild'
import { isObject } from '../json.ts'

/** esbuild's helper processes that have not ended yet. esbuild itself keeps them to itself. */
const helpers = new Set<ChildProcess>()

// https://nodejs.org/api/diagnostics_channel.html#process
subscribe('child_process', (message) => {
  const child = isObject(message) ? (message.process as ChildProcess) : undefined
  // The channel speaks before the process is started, when its program is not known yet.
  child?.once('spawn', () => {
    if (!basename(child.spawnfile).startsWith('esbuild')) return
    helpers.add(child)
    child.once('exit', () => helpers.delete(child))
  })
})

/**
 * Ends esbuild's helper process and waits until it is gone: esbuild's own `stop` only sends the signal, so that the helper
 * may outlive this process for a moment.
 */
export async function stopBundler(): Promise<void> {
  const ended = [...helpers].map((child) => {
    // esbuild lets this process end while the helper runs; from here on it has to be waited for.
    child.ref()
    return new Promise((resolve) => child.once('exit', resolve))
  })
  await esbuild.stop()
  await Promise.all(ended)
}

/** Ids of the helper processes that run now. */
export function helperPids(): number[] {
  return [...helpers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
}
