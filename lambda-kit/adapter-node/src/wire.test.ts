import type * as contract from '../../../contract/src/wire.ts'
import { WIRE_VERSION as ROUTER_WIRE_VERSION } from '../../../contract/src/wire.ts'
import * as adapter from './index.ts'
import type * as wire from './wire.ts'
import { WIRE_VERSION } from './wire.ts'

/** Compiles only if the adapter's type may be used where the router's is expected. */
type Fits<Given extends Expected, Expected> = Given

export type Sent = [
  Fits<wire.BufferedEnvelope, contract.BufferedEnvelope>,
  Fits<wire.OneRecord, contract.OneRecord>,
  Fits<wire.InterleavedRecord, contract.InterleavedRecord>,
]
export type Received = [Fits<contract.BatchEvent<string>, wire.BatchEvent<string>>]

test('the adapter and the router speak the same version', () => {
  expect(WIRE_VERSION).toBe(ROUTER_WIRE_VERSION)
})

test('the package exports its two functions and nothing else', () => {
  expect(Object.keys(adapter).sort()).toEqual(['batchAdapter', 'batchAdapterStream'])
})
