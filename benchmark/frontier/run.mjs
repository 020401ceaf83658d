// Bundles the simulator with the router's own window policy and runs it; the arguments are those of main.ts.
import { runBundled } from '../run-bundled.mjs'

// Memory per key is only worth telling after a collection.
await runBundled(import.meta.url, 'frontier', ['--expose-gc'])
