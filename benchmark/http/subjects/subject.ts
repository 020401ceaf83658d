import type { Scenario } from '../scenarios/scenario.ts'

/** Something that serves the manifest of a scenario. */
export interface Subject {
  name: string
  /** Program and arguments; `--config` and the manifest's path are appended. */
  command: string[]
  /** Variables besides those that point the AWS SDK at the benchmark's function. */
  env: Record<string, string>
}

/** Parses `--subject name=command with arguments`. */
export function parseSubject(text: string): Subject {
  const [, name = '', line = ''] = /^([\w.-]+)=(.+)$/.exec(text) ?? []
  const command = line.split(/\s+/).filter((word) => word !== '')
  if (name === '' || command.length === 0)
    throw new Error(`--subject: expected name=command, got ${JSON.stringify(text)}`)
  return { name, command, env: {} }
}

export interface SubjectFiles {
  router: string
  bare: string
  direct: string
}

/** The subjects of a scenario: the built-in ones that it asks for, and with the router whatever is to run beside it. */
export function subjectsOf(scenario: Scenario, files: SubjectFiles, others: Subject[]): Subject[] {
  const { subjects, answer, lpr } = scenario
  const node = (name: string, file: string, env: Record<string, string> = {}): Subject => {
    return { name, command: [process.execPath, file], env }
  }
  const bareEnv = {
    BENCH_ANSWER_BYTES: String(answer.bodyBytes),
    BENCH_STREAMING: lpr.invokeMode === 'response_stream' ? '1' : '0',
  }
  const builtIn = {
    router: node('router', files.router, scenario.env),
    bare: node('bare', files.bare, bareEnv),
    direct: node('direct', files.direct),
  }
  return [
    ...subjects.map((name) => builtIn[name]),
    ...(subjects.includes('router') ? others.map((other) => ({ ...other, env: scenario.env })) : []),
  ]
}

/** The same subject, recording a CPU profile; only for programs that Node runs. */
export function profiled(subject: Subject, directory: string): Subject {
  const [program = '', ...args] = subject.command
  if (program !== process.execPath && program !== 'node') return subject
  const flags = ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=500']
  return { ...subject, command: [program, ...flags, ...args] }
}
