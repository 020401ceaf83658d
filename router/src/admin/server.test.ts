import type { AddressInfo } from 'node:net'
import { type AdminPages, createAdminServer, textPage } from './server.ts'

async function serve(pages: AdminPages) {
  const server = createAdminServer(pages)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const servers: ReturnType<typeof createAdminServer>[] = []

afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

async function answer(url: string, method = 'GET') {
  const response = await fetch(url, { method })
  return [response.status, await response.text()]
}

test('a page is found by its path, whatever the query, and made anew each time', async () => {
  let asked = 0
  const url = await serve({ '/count': textPage('text/plain', () => String(++asked)) })
  expect(await answer(`${url}/count`)).toEqual([200, '1'])
  expect(await answer(`${url}/count?x=1`)).toEqual([200, '2'])
  expect(await answer(`${url}/count`, 'HEAD')).toEqual([200, ''])
  expect(await answer(`${url}/other`)).toEqual([404, 'not found'])
  expect(await answer(`${url}/__proto__`)).toEqual([404, 'not found'])
})

test('only GET and HEAD are answered', async () => {
  const url = await serve({ '/': textPage('text/plain', () => 'page') })
  const response = await fetch(url, { method: 'POST' })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('a page that fails is a 500 of its own, before its head or after it', async () => {
  const url = await serve({
    '/early': textPage('text/plain', () => Promise.reject(new Error('no figures'))),
    '/late': (_request, response) => {
      response.write('half')
      throw new Error('no more')
    },
    '/good': textPage('text/plain', () => 'good'),
  })
  expect(await answer(`${url}/early`)).toEqual([500, 'no figures'])
  await expect(answer(`${url}/late`)).rejects.toThrow()
  expect(await answer(`${url}/good`)).toEqual([200, 'good'])
})
