import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { findingsOf } from '../errors.ts'
import type { RouteInfo } from '../stack/routes.ts'
import { errorMessage, formatRouterLog } from './log-format.ts'
import { availablePort } from './ports.ts'
import { environmentNotes, routerEnvironment } from './router-environment.ts'
import { curlLines, routesTable } from './routes-table.ts'
import { Services, StoppedError } from './services.ts'

const LINE =
  '{"level":"warn","timestamp":"2026-01-02T03:04:05.678Z","event":"x","message":"it broke","code":"timeout","n":1}'

describe('router log', () => {
  test('a line is shown as time, level, message and details', () => {
    expect(formatRouterLog(LINE, false)).toBe('03:04:05.678  warn   router  it broke  code=timeout  n=1')
  })

  test('lines below warn are shown only when all are wanted', () => {
    const line = LINE.replace('warn', 'info')
    expect(formatRouterLog(line, false)).toBeUndefined()
    expect(formatRouterLog(line, true)).toContain('info')
  })

  test('what is not JSON is shown as it is', () => {
    expect(formatRouterLog('{ not json', false)).toBe('{ not json')
    expect(formatRouterLog('  ', true)).toBeUndefined()
  })

  test('only errors and worse have an error message', () => {
    expect(errorMessage(LINE)).toBeUndefined()
    expect(errorMessage(LINE.replace('warn', 'error'))).toBe('it broke')
  })
})

describe('router environment', () => {
  const container = {
    variables: {
      STAGE: 'test',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://cloud',
      OTEL_SERVICE_NAME: 'demo',
      LPR_CONFIG_URI: 'old',
    },
    secrets: ['TOKEN'],
  }
  const place = {
    configUri: 's3://b/k',
    region: 'eu-west-1',
    endpoints: { lambda: 'http://l', s3: 'http://s' },
  }

  test('it is that of the container, pointed at the local services', () => {
    const environment = routerEnvironment(container, place, {
      PATH: '/bin',
      AWS_PROFILE: 'mine',
      SECRET: 'x',
    })
    expect(environment).toMatchObject({
      PATH: '/bin',
      STAGE: 'test',
      OTEL_SERVICE_NAME: 'demo',
      LPR_CONFIG_URI: 's3://b/k',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_LAMBDA: 'http://l',
      AWS_ENDPOINT_URL_S3: 'http://s',
      LPR_INCLUDE_BATCH_SIZE_HEADER: '1',
    })
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']))
    expect(environment).not.toHaveProperty('SECRET')
    expect(environment).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT')
  })

  test("exporters of the shell take the place of the template's", () => {
    const environment = routerEnvironment(container, place, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    })
    expect(environment.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://localhost:4318')
  })

  test('what is left out is told', () => {
    expect(environmentNotes(container, {})).toEqual([
      'secrets are not read locally: TOKEN',
      expect.stringMatching(/^traces are off locally/),
    ])
    expect(environmentNotes({ variables: {}, secrets: [] }, {})).toEqual([])
  })
})

describe('routes', () => {
  const route: RouteInfo = {
    method: 'POST',
    path: '/a/{x}',
    functionName: 'fn',
    invokeMode: 'response_stream',
    maxWaitMs: 100,
    maxBatchSize: 16,
    timeoutMs: 2000,
    wait: 'dynamic',
    key: [
      { kind: 'header', name: 'x-t' },
      { kind: 'sourceIp', name: '' },
    ],
    exampleQuery: [],
  }

  test('the table has a line for each route', () => {
    expect(routesTable([route]).split('\n')).toEqual([
      'METHOD  PATH    FUNCTION  MODE             WINDOW               SIZE  KEY',
      'POST    /a/{x}  fn        response_stream  <= 100 ms (dynamic)  16    header:x-t sourceIp',
    ])
  })

  test('there is a command to try it', () => {
    expect(curlLines([route], 'http://h')).toEqual(['curl -i -N -X POST http://h/a/hello'])
  })
})

describe('ports', () => {
  test('a port in use is reported with the option to change', async () => {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo
    const error: unknown = await availablePort(port, '--port').catch((reason: unknown) => reason)
    await new Promise((closed) => server.close(closed))
    expect(findingsOf(error)).toEqual([
      {
        message: `port ${port} is in use`,
        remedy: 'stop what listens on it, or choose another with --port <port>',
      },
    ])
    expect(await availablePort(port, '--port')).toBe(port)
  })

  test('0 gives any free port', async () => {
    const port = await availablePort(0, '--port')
    expect(port).toBeGreaterThan(1023)
    // From there on systems give ports to outgoing connections.
    expect(port).toBeLessThan(32_768)
  })
})

describe('services', () => {
  test('everything is stopped, last first, though one of them fails', async () => {
    const services = new Services()
    const stopped: string[] = []
    for (const name of ['a', 'b', 'c']) {
      await services.own(name, Promise.resolve(name), () => {
        stopped.push(name)
        if (name === 'b') throw new Error('stuck')
      })
    }
    await expect(services.stop()).rejects.toThrow('b could not be stopped')
    expect(stopped).toEqual(['c', 'b', 'a'])
  })

  test('what comes up after the stop is closed at once', async () => {
    const services = new Services()
    await services.stop()
    const closed: string[] = []
    const late = services.own('late', Promise.resolve('late'), (name) => closed.push(name))
    await expect(late).rejects.toThrow(StoppedError)
    expect(closed).toEqual(['late'])
  })
})
