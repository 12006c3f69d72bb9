// The panel of mistakes, after a training far too short to make few of them.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import Mistakes from '../plugins/mistakes.ts'

test('conforms to what every plugin must keep', () => testPlugin(Mistakes))

test('shows the most frequent mistakes of an epoch', async () => {
  const engine = await createTestEngine({
    plugins: [Mistakes],
    config: {
      experiment: {
        dataset: 'digits',
        model: { name: 'mlp', config: { hidden: [4] } },
        training: { max_steps: 2, batch_size: 8, loss: 'cross_entropy' },
      },
      plugins: { use: { mistakes: { config: { rows: 50, pairs: 3 } } } },
    },
  })
  await engine.run()
  engine.events.assertEmitted('panel.shown', {
    id: 'mistakes',
    content: { columns: ['mistake', 'times'], caption: expect.stringMatching(/ of 50 wrong$/) },
  })
  const { content } = engine.events.data('panel.shown').at(-1)!
  expect(content).toHaveProperty('rows.length', 3)
})
