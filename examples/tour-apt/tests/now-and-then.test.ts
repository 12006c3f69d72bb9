// Which conditions hold when, over four epochs of four steps.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import NowAndThen from '../plugins/now-and-then.ts'

async function linesOf(config: Record<string, number>) {
  const engine = await createTestEngine({
    plugins: [linePlugin, NowAndThen],
    config: {
      experiment: lineExperiment({ training: { epochs: 4 } }),
      plugins: { use: { now_and_then: { config } } },
    },
  })
  await engine.run()
  return engine.events.data('log').map(({ message }) => message)
}

test('conforms to what every plugin must keep', () => testPlugin(NowAndThen))

test('[A11] every few epochs, after an epoch, every few steps', async () => {
  const lines = await linesOf({ every_epochs: 2, after_epoch: 3, every_steps: 7 })
  expect(lines.filter((line) => line.includes('every'))).toEqual([
    'step 7: every 7 steps',
    'epoch 2: every 2 epochs',
    'step 14: every 7 steps',
    'epoch 4: every 2 epochs',
  ])
  expect(lines.filter((line) => line.includes('after'))).toEqual(['epoch 4: after epoch 3'])
})

test('[A11] a condition of one’s own, combined with others', async () => {
  const lines = await linesOf({})
  const early = lines.flatMap((line) => /^step (\d+): early/.exec(line)?.[1] ?? [])
  expect(early).toEqual(['1', '2', '4', '8', '16'])
})

test('a count of nothing is refused', async () => {
  await expect(linesOf({ every_steps: 0 })).rejects.toThrow('every_steps')
})
