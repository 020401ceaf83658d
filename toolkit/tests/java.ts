import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalFunction, RuntimeLauncher } from '../src/local-lambda/index.ts'

const target = join(process.cwd(), 'lambda-kit/adapter-java/target')
const PACKAGE = 'io.github.lambdaparallelrouter.adapter'

const CLIENT = 'com.amazonaws.services.lambda.runtime.api.client'
const nativePart = join(
  target,
  `runtime-client/jni/libaws-lambda-jni.linux-${process.arch === 'arm64' ? 'aarch_64' : 'x86_64'}.so`,
)

/** Starts Java functions with Lambda's own runtime client, which `make test-heavy` puts on the class path. */
export const javaLauncher: RuntimeLauncher = {
  runtimes: 'java<version>',
  supports: (runtime) => runtime.startsWith('java'),
  commandLine: ({ handler }) => ({
    command: 'java',
    args: [
      `-D${CLIENT}.runtimeapi.NativeClient.JNI=${nativePart}`,
      '-cp',
      classPath(),
      `${CLIENT}.AWSLambda`,
      handler,
    ],
  }),
}

/** A function of the classes of the Java adapter's tests; `handler` is a class of its package. */
export function javaFunction(handler: string): LocalFunction {
  return {
    name: handler,
    codeDir: target,
    handler: `${PACKAGE}.${handler}`,
    runtime: 'java21',
    environment: {},
    timeoutMs: 30_000,
    memoryMb: 512,
  }
}

function classPath(): string {
  const file = join(target, 'classpath.txt')
  if (!existsSync(file)) throw new Error(`${file}: expected the class path, got none; run make test-heavy`)
  const libraries = readFileSync(file, 'utf8').trim()
  return [join(target, 'classes'), join(target, 'test-classes'), libraries].join(':')
}
