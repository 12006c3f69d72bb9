// How a sandbox ends: what it may not send, how much, and how long it may be silent.
import { expect } from '@playwright/test'
import { answers, floods, forbiddenMessages, hangs } from './sandbox/attempts.ts'
import { test } from './sandbox/fixtures.ts'

for (const [what, code] of Object.entries(forbiddenMessages)) {
  test(`${what}: ends the sandbox`, async ({ promptAttempt }) => {
    const { lost } = await promptAttempt({ code, waitMs: 2000 })
    expect(lost?.kind).toBe('invalid')
  })
}

for (const [channel, code] of Object.entries(floods)) {
  test(`a flood is cut off: ${channel}`, async ({ promptAttempt }) => {
    const outcome = await promptAttempt({ code, label: 'noisy.onStepEnd', waitMs: 3000 })
    expect(outcome.lost).toMatchObject({ kind: 'flood', culprit: 'noisy.onStepEnd' })
    expect(outcome.error?.name).toBe('SandboxLostError')
  })
}

for (const [where, code] of Object.entries(hangs)) {
  test(`an endless loop ends within 2 s: ${where}`, async ({ again, promptAttempt }) => {
    const outcome = await promptAttempt({
      code,
      label: 'early_stopping.onEpochEnd',
      waitMs: 5000,
    })
    expect(outcome.lost).toMatchObject({ kind: 'hang', culprit: 'early_stopping.onEpochEnd' })
    expect(outcome.lostAfterMs).toBeLessThan(2000)
    expect((await again(answers)).value).toBe('alive')
  })
}

test('slow work that gives signs of life survives', async ({ attempt }) => {
  const { value, lost } = await attempt({
    code: `export default ({ beat }) => {
      const end = performance.now() + 4000
      while (performance.now() < end) beat()
      return 'done'
    }`,
  })
  expect(lost).toBeUndefined()
  expect(value).toBe('done')
})

test('a long kernel, marked as such, survives without a sign of life; what follows it is watched', async ({
  attempt,
  again,
}) => {
  const code = (after: string) => `export default ({ work }) => {
      const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end) {} }
      work('Conv2D')
      spin(4000)
      work('')
      spin(${after})
      return 'done'
    }`
  expect((await attempt({ code: code('0') })).value).toBe('done')
  expect((await again({ code: code('Infinity') })).lost?.kind).toBe('hang')
})

test('out of memory: the sandbox dies, the page lives', async ({ attempt, again }) => {
  const { lost } = await attempt({
    code: `export default async ({ beat }) => {
      const hoard = []
      for (;;) {
        hoard.push(Array.from({ length: 1e6 }, (_, i) => ({ i })))
        beat()
      }
    }`,
    label: 'hoarder.initialize',
    waitMs: 30_000,
  })
  expect(lost?.culprit).toBe('hoarder.initialize')
  expect((await again(answers)).value).toBe('alive')
})
