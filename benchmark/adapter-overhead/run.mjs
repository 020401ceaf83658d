// Bundles the Node adapter, as deployed functions do, with the measurement, and runs it.
import { runBundled } from '../run-bundled.mjs'

await runBundled(import.meta.url, 'adapter-overhead')
