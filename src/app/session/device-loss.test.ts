// Runs that go on by themselves after their device went away, and those that wait for their user.
import { expect, test } from 'vitest'
import type { RunRecord } from '../store/run-slice.ts'
import { createComeback } from './device-loss.ts'

/** A page whose run `n` ends by `code` after it was in `state`, and has a checkpoint unless told. */
function page(code = 'device.lost') {
  const wentOn: string[] = []
  const givenUp: number[] = []
  const kept = new Set<string>()
  let at = 0
  let count = 0
  let run: RunRecord | undefined
  const comeback = createComeback<string>({
    run: () => run,
    checkpoint: async (id) => (kept.has(id) ? `last of ${id}` : undefined),
    goOn: async (checkpoint, cause) => void wentOn.push(`${checkpoint}: ${cause}`),
    onGivenUp: (times) => givenUp.push(times),
    now: () => at,
  })
  return {
    wentOn,
    givenUp,
    wait: (ms: number) => (at += ms),
    async lose({ state = 'running', hasCheckpoint = true } = {}) {
      const id = `run ${++count}`
      if (hasCheckpoint) kept.add(id)
      const data = { id, step: 12, epoch: 1, totalSteps: 50 }
      for (const told of [state, 'ended'])
        comeback.receive([{ seq: 1, time: 1, type: 'run.state', data: { ...data, state: told } }])
      run = { id, state: 'ended', error: { code, message: 'gone' } } as RunRecord
      await comeback.goOn({ kind: 'device', message: 'gone' })
    },
  }
}

test('a run goes on from its own last checkpoint', async () => {
  const { lose, wentOn } = page()
  await lose()
  expect(wentOn).toEqual(['last of run 1: gone'])
})

test('three times within ten minutes, then it waits', async () => {
  const { lose, wait, wentOn, givenUp } = page()
  for (let i = 0; i < 4; i++) {
    await lose()
    wait(60_000)
  }
  expect(wentOn).toHaveLength(3)
  expect(givenUp).toEqual([3])
  wait(600_000)
  await lose()
  expect(wentOn).toHaveLength(4)
})

test('one that took no checkpoint, was paused or failed by itself is left alone', async () => {
  const { lose, wentOn } = page()
  await lose({ hasCheckpoint: false })
  await lose({ state: 'paused' })
  expect(wentOn).toEqual([])
  const other = page('hook.threw')
  await other.lose()
  expect(other.wentOn).toEqual([])
})
