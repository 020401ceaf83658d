import { codegenie, serverlessHttp } from './express.ts'
import { handler as fastify } from './fastify.ts'
import { handler as hono } from './hono.ts'
import { handler as middy } from './middy.ts'

export { rendezvous } from './app.ts'
export const handlers = { middy, hono, fastify, serverlessHttp, codegenie }
