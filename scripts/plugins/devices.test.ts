// Every built-in part on WebAssembly gives what it gives on the CPU, and all devices have the kernels it asks for.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { atHome, everyTry, valuesOf } from '../../src/plugins/testing/every-part.ts'
import { differences } from '../../src/plugins/testing/given.ts'
import { openDevice } from '../../src/workers/device/index.ts'

const packageFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)
const options = {
  asset: async () => new Uint8Array(await readFile(packageFile)).buffer,
  beat: () => undefined,
  work: () => undefined,
}

/** Kernels that are asked for from now on, by name. */
function watchKernels(): Set<string> {
  const engine = tf.engine()
  const { runKernel } = engine
  const names = new Set<string>()
  engine.runKernel = (name, ...rest) => {
    names.add(name)
    return runKernel.call(engine, name, ...rest) as never
  }
  return names
}

test('every built-in part computes the same on all devices', { timeout: 90_000 }, async () => {
  const all = await everyTry()
  const cpu = await openDevice('cpu', options)
  const kernels = watchKernels()
  const given = await valuesOf(all)
  cpu.dispose()
  const tries = atHome(all, given)
  // A part whose settings or inputs are not in part-inputs.ts.
  const tried = new Set(tries.map(({ part }) => part))
  expect(all.filter(({ part }) => !tried.has(part))).toEqual([])

  const wasm = await openDevice('wasm', options)
  const wanted = Object.fromEntries(tries.map(({ title }) => [title, given[title]!]))
  expect(differences(wanted, await valuesOf(tries), 1e-4)).toEqual([])
  wasm.dispose()
  const missing = ['webgpu', 'webgl', 'wasm'].flatMap((device) =>
    [...kernels]
      .filter((name) => !tf.getKernel(name, device))
      .map((name) => `${name} on ${device}`),
  )
  expect(missing).toEqual([])
})

test('what differs is found: values, sizes, NaN, what is missing, what threw', () => {
  const wanted = { a: [[1, 2], [3]], b: [[0, 1e-6]] }
  expect(differences(wanted, { a: [[1, 2.001], [3.001]], b: [[1e-6, 0]] })).toEqual([])
  expect(differences(wanted, { ...wanted, a: [[1, 2], [3.1]] })).toEqual([
    expect.stringMatching(/^a: tensor 1 is off by 0.03/),
  ])
  for (const a of [[[1, Number.NaN], [3]], [[1], [3]], [[1, 2]]])
    expect(differences(wanted, { ...wanted, a })).toHaveLength(1)
  expect(differences(wanted, { a: 'no kernel' })).toEqual(['a: no kernel', 'b: none'])
})
