// node bench/hooks.mjs: ns per call of a hook in a training step, with 0 and with 10 subscribers.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const outDir = fileURLToPath(new URL('../.cache/bench-hooks', import.meta.url))
const entry = fileURLToPath(new URL('hooks.ts', import.meta.url))
await build({
  configFile: fileURLToPath(new URL('../scripts/vite/cli.config.ts', import.meta.url)),
  logLevel: 'error',
  build: { ssr: entry, outDir },
})
const { costOfCall } = await import(`${outDir}/hooks.js`)
costOfCall(10)
for (const subscribers of [0, 10])
  console.log(`${subscribers} subscribers: ${costOfCall(subscribers).toFixed(0)} ns per call`)
rmSync(outDir, { recursive: true })
