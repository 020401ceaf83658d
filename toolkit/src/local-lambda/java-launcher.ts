import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { RuntimeLauncher } from './api.ts'

const CLIENT = 'com.amazonaws.services.lambda.runtime.api.client'
const CLIENT_JAR = /^aws-lambda-java-runtime-interface-client-.*\.jar$/

/**
 * Starts Java functions with Lambda's own runtime client, which the function's package must hold among the libraries of its
 * `lib/`, and a Java of this machine that is as new as the runtime: `JAVA_HOME`, the `PATH`, or where systems install them.
 * https://github.com/aws/aws-lambda-java-libs/tree/main/aws-lambda-java-runtime-interface-client
 */
export function javaLauncher(installed: Installations[] = INSTALLED): RuntimeLauncher {
  return {
    runtimes: 'java<version>',
    supports: (runtime) => /^java\d+$/.test(runtime),
    commandLine: ({ runtime, codeDir, handler }) => {
      const command = findJava(Number(runtime.slice('java'.length)), installed)
      expectClient(codeDir)
      const classPath = [codeDir, join(codeDir, 'lib', '*')].join(delimiter)
      const options = [NATIVE_ACCESS, ...nativePart(codeDir), '-cp', classPath]
      return { command, args: [...options, `${CLIENT}.AWSLambda`, handler] }
    },
  }
}

/** The client has a native part, and later Javas warn of what may use one unasked. */
const NATIVE_ACCESS = '--enable-native-access=ALL-UNNAMED'

/** A folder with a folder for each Java, and the way to `java` in it. */
type Installations = readonly [folder: string, java: string]

/** Where the packages of Linux distributions and the installers of macOS put Java. */
const INSTALLED: Installations[] = [
  ['/usr/lib/jvm', 'bin/java'],
  ['/Library/Java/JavaVirtualMachines', 'Contents/Home/bin/java'],
]

function expectClient(codeDir: string): void {
  const lib = join(codeDir, 'lib')
  if (namesIn(lib).some((name) => CLIENT_JAR.test(name))) return
  throw new Error(
    `no runtime client in ${lib}: have the build put com.amazonaws:aws-lambda-java-runtime-interface-client there`,
  )
}

/**
 * Unless told where its native part is, every process of the client writes it to the same place in `/tmp`, and may load what
 * another one has written half. So a package should hold that file too, at the path that it has in the client's JAR.
 */
function nativePart(codeDir: string): string[] {
  const machine = process.arch === 'arm64' ? 'aarch_64' : 'x86_64'
  const file = join(codeDir, 'jni', `libaws-lambda-jni.linux-${machine}.so`)
  return existsSync(file) ? [`-D${CLIENT}.runtimeapi.NativeClient.JNI=${file}`] : []
}

/** Path of the first Java that is new enough. Throws an error that says what to do when there is none. */
function findJava(least: number, installed: Installations[]): string {
  let old: string | undefined
  for (const path of candidates(installed)) {
    const version = versionOf(path)
    if (version !== undefined && version >= least) return path
    if (version !== undefined) old ??= `${path} is Java ${version}, too old`
  }
  throw new Error(`${old ?? 'no java on the PATH'}: install Java ${least} or later`)
}

function candidates(installed: Installations[]): string[] {
  const home = process.env.JAVA_HOME
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const paths = folders.map((folder) => join(folder, 'java'))
  const others = installed.flatMap(([folder, java]) =>
    namesIn(folder).map((name) => join(folder, name, java)),
  )
  const known = [...(home ? [join(home, 'bin', 'java')] : []), ...paths, ...others]
  return known.filter((path) => existsSync(path))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** By path: a Java does not change while the toolkit runs. */
const versions = new Map<string, number | undefined>()

/** Major version; undefined where no Java is behind the program, as on a Mac without one. */
function versionOf(path: string): number | undefined {
  if (!versions.has(path)) {
    const { stderr } = spawnSync(path, ['-version'], { encoding: 'utf8' })
    const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? []
    versions.set(path, major === undefined ? undefined : Number(major))
  }
  return versions.get(path)
}
