import type { ServerResponse } from 'node:http'

/** Told what becomes of a response. */
export interface ResponseFollower {
  /** Its last byte has been handed over; or its socket was destroyed, which Node calls finished too. */
  responseFinished(): void
  /** Nothing more happens to it. */
  responseClosed(): void
}

/** Where a response has its follower. The listeners find it there, so that all responses share them. */
const FOLLOWER = Symbol('follower')
type FollowedResponse = ServerResponse & { [FOLLOWER]?: ResponseFollower }

/** Tells one follower of a response; errors of writing to a client that has gone are no news, because `close` follows. */
export function followResponse(response: FollowedResponse, follower: ResponseFollower): void {
  response[FOLLOWER] = follower
  response.on('finish', onFinish)
  response.on('close', onClose)
  response.on('error', ignore)
}

function onFinish(this: FollowedResponse): void {
  this[FOLLOWER]?.responseFinished()
}

function onClose(this: FollowedResponse): void {
  this[FOLLOWER]?.responseClosed()
}

function ignore(): void {}
