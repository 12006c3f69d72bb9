// The step log in an engine of its own, on a run that is over in a moment.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import StepLog from '../plugins/step-log.ts'

const experiment = {
  dataset: 'names',
  validation_split: 0.00001,
  tokenizer: 'char',
  preprocess: [{ name: 'next_token', config: { context: 4 } }],
  model: { name: 'gpt', config: { layers: 1, heads: 1, width: 4 } },
  training: { max_steps: 4, batch_size: 4 },
}

const use = (everySteps: number) => ({
  use: { step_log: { config: { every_steps: everySteps } } },
})

test('conforms to what every plugin must keep', () => testPlugin(StepLog))

test('writes a line every few steps, and one after the validation', async () => {
  const engine = await createTestEngine({
    plugins: [StepLog],
    config: { experiment, plugins: use(2) },
  })
  await engine.run()
  const messages = engine.events.data('log').map(({ message }) => message)
  expect(messages).toHaveLength(3)
  expect(messages[0]).toMatch(/^step 2: loss \d\.\d{3}, -?\d+ % below chance$/)
  expect(messages[1]).toMatch(/^step 4: /)
  expect(messages[2]).toMatch(/^epoch 1: as unsure as between \d+\.\d letters$/)
})

test('refuses to count by nothing', async () => {
  const engine = await createTestEngine({ plugins: [StepLog], config: { plugins: use(0) } })
  await expect(engine.up()).rejects.toThrow('every_steps')
})
