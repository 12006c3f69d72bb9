// Every lowering against the CPU backend, on random shapes, alone and in whole graphs.
import { describe, expect, test } from 'vitest'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { cases } from './cases.fixture.ts'
import { Draw } from './draw.fixture.ts'
import { lowerings } from './index.ts'
import { program } from './program.fixture.ts'
import { type Call, complaints, lower, record } from './recording.fixture.ts'

/** Kernels that were called. */
const seen = new Set<string>()

function callsOf(run: () => unknown): Call[] {
  const { calls } = record(() => tf.tidy(() => void run()))
  for (const { kernel } of calls) seen.add(kernel)
  return calls
}

/** What is wrong with calls one by one on the CPU's values, then with all as one graph, which is simplified. */
function wrong(calls: readonly Call[]): string[] {
  const alone = lower(calls, false)
  const missing = alone.results.filter(({ nodes }) => !nodes)
  return [
    ...missing.map(({ call }) => `${call.kernel} is not lowered`),
    ...complaints(alone, 2e-5),
    ...complaints(lower(calls), 1e-4).map((complaint) => `together: ${complaint}`),
  ]
}

describe('as on the CPU', () => {
  test.each(Object.keys(cases))('%s', (name) => {
    for (let seed = 0; seed < 15; seed++) {
      const calls = callsOf(() => cases[name]!(new Draw(seed)))
      expect({ seed, wrong: wrong(calls) }).toEqual({ seed, wrong: [] })
    }
  })

  test('each lowering has a case', () => {
    expect([...lowerings.keys()].filter((kernel) => !seen.has(kernel))).toEqual([])
  })

  test('random programs with their gradients', () => {
    for (let seed = 0; seed < 60; seed++) {
      const calls = callsOf(() => program(seed))
      expect({ seed, wrong: wrong(calls) }).toEqual({ seed, wrong: [] })
    }
  })
})
