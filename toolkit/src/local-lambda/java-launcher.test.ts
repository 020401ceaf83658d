import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LocalFunction } from './api.ts'
import { javaLauncher } from './java-launcher.ts'
import { whyNotStarted } from './launcher.ts'
import { makeFunction, removeTemporaryFiles } from './test-functions.ts'

const CLIENT = 'com.amazonaws.services.lambda.runtime.api.client'
const { PATH, JAVA_HOME } = process.env
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lpr-java-'))
  process.env.PATH = folder
  delete process.env.JAVA_HOME
})
afterEach(() => {
  process.env.PATH = PATH
  if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME
  rmSync(folder, { recursive: true, force: true })
})
afterAll(removeTemporaryFiles)

/** A program that says it is that Java, at that path. */
function java(name: string, version: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`)
  chmodSync(path, 0o755)
  return path
}

const CLIENT_JAR = 'lib/aws-lambda-java-runtime-interface-client-2.9.0.jar'
const javaFunction = (sources: Record<string, string> = { [CLIENT_JAR]: '' }, runtime = 'java21') =>
  makeFunction(sources, { runtime, handler: 'demo.Hello' })
const launcher = () => javaLauncher([[join(folder, 'jvm'), 'bin/java']])
const commandLine = (fn: LocalFunction) => launcher().commandLine(fn)
const reason = (fn: LocalFunction) => whyNotStarted(fn, [launcher()])

test('the runtime client of the package is started with its classes and libraries', () => {
  const command = java('java', '25.0.1')
  const fn = javaFunction()
  expect(commandLine(fn)).toEqual({
    command,
    args: [
      '--enable-native-access=ALL-UNNAMED',
      '-cp',
      `${fn.codeDir}:${fn.codeDir}/lib/*`,
      `${CLIENT}.AWSLambda`,
      'demo.Hello',
    ],
  })
})

test('the native part is taken from the package where it has it', () => {
  java('java', '21')
  const machine = process.arch === 'arm64' ? 'aarch_64' : 'x86_64'
  const native = `jni/libaws-lambda-jni.linux-${machine}.so`
  const fn = javaFunction({ [CLIENT_JAR]: '', [native]: '' })
  expect(commandLine(fn).args).toContain(`-D${CLIENT}.runtimeapi.NativeClient.JNI=${fn.codeDir}/${native}`)
})

test('JAVA_HOME comes before the PATH, and the PATH before other installations', () => {
  const fn = javaFunction()
  const other = java('jvm/21/bin/java', '21.0.5')
  expect(commandLine(fn).command).toBe(other)
  const onPath = java('java', '21.0.5')
  expect(commandLine(fn).command).toBe(onPath)
  const home = java('home/bin/java', '21.0.5')
  process.env.JAVA_HOME = join(folder, 'home')
  expect(commandLine(fn).command).toBe(home)
})

test('a Java that is older than the runtime is passed over, and named when there is no other', () => {
  const old = java('java', '17.0.15')
  expect(reason(javaFunction())).toBe(`${old} is Java 17, too old: install Java 21 or later`)
  expect(commandLine(javaFunction(undefined, 'java17')).command).toBe(old)
  const other = java('jvm/25/bin/java', '25')
  expect(commandLine(javaFunction()).command).toBe(other)
})

test('without any Java a function is not started, and says what to do', () => {
  expect(reason(javaFunction(undefined, 'java25'))).toBe('no java on the PATH: install Java 25 or later')
})

test('nor without the runtime client in its package', () => {
  java('java', '21')
  for (const fn of [javaFunction({ 'App.class': '' }), javaFunction({ 'lib/other.jar': '' })]) {
    expect(reason(fn)).toBe(
      `no runtime client in ${fn.codeDir}/lib: have the build put com.amazonaws:aws-lambda-java-runtime-interface-client there`,
    )
  }
})
