import {
  customLauncher,
  javaLauncher,
  nodeLauncher,
  pythonLauncher,
  type RuntimeLauncher,
} from '../local-lambda/index.ts'

/** How `lpr dev` starts functions. It takes every runtime: one that it cannot start must not keep the others from running. */
export function devLaunchers(): RuntimeLauncher[] {
  const known = [nodeLauncher(), pythonLauncher(), javaLauncher(), customLauncher()]
  return [...known, otherRuntimes(known)]
}

function otherRuntimes(known: RuntimeLauncher[]): RuntimeLauncher {
  return {
    runtimes: 'any',
    supports: () => true,
    commandLine: ({ runtime }) => {
      const names = known.map(({ runtimes }) => runtimes).join(', ')
      throw new Error(`functions of the runtime ${runtime} are not run locally, only those of ${names}`)
    },
  }
}
