#!/usr/bin/env node
import { existsSync } from 'node:fs'

const bundle = new URL('../dist/lpr-router.mjs', import.meta.url)
if (existsSync(bundle)) {
  await import(bundle.href)
} else {
  console.error('lpr-router is not built yet: run `make build` at the root of the repository')
  process.exitCode = 1
}
