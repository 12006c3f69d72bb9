// plugboard predict: the model of a checkpoint on a row, in a terminal.
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folderOf, freshPath } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

async function trained(workspace: string, ...settings: string[]): Promise<string> {
  const files = freshPath('kept')
  const args = settings.map((setting) => `--set=experiment.training.${setting}`)
  const { code, err } = await cli(['run', workspace, '--checkpoint-dir', files, ...args])
  expect([code, err]).toEqual([0, ''])
  return join(files, 'last.safetensors')
}

test('a row of numbers: what the model takes, what it makes of it, what does not fit', async () => {
  const folder = await folderOf(LINE)
  const checkpoint = await trained(folder)
  const predict = (...values: string[]) => cli(['predict', folder, checkpoint, ...values])
  expect((await predict()).out).toBe('The model of step 27 takes:\n  input=…  numbers [2]\n')
  const made = await predict('input=[2, 1]')
  expect([made.code, made.err]).toEqual([0, ''])
  // y = 2 a - b + 1
  expect(Number(made.out)).toBeCloseTo(4, 0)
  const wrong = await predict('input=[2]')
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('2 numbers [2]')])
})

/** Classes whose names are numbers, once as numbers of classes and once as texts. */
const SIZES = `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'sizes', version: '1.0.0', provides: ['dataset/sizes'] } }) {
  initialize() {
    const classes = ['2.0', '1.0', '0.0']
    const turns = Array.from({ length: 30 }, (_, i) => i % 3)
    const number = (data: number[], limit: number) =>
      ({ type: 'number' as const, shape: [], dtype: 'int32' as const, limit, data: Int32Array.from(data) })
    this.ctx.provide('dataset', 'sizes', () => ({
      load: async () => ({
        length: 30,
        columns: {
          size: { ...number(turns, 3), classes },
          word: { type: 'text' as const, data: turns.map((i) => classes[i]!) },
          labels: { ...number(turns.map((i) => (i === 2 ? 1 : 0)), 2), classes: ['other', 'nothing'] },
        },
      }),
    }))
  }
}
`
const SIZED = `experiment:
  name: sizes
  dataset: sizes
  preprocess:
    - { name: one_hot, config: { columns: [size, word] } }
    - { name: join_columns, config: { columns: [size, word] } }
  model: { name: mlp, config: { input: features, hidden: [8] } }
  training: { epochs: 20, batch_size: 10, optimizer: { name: adam, config: { learning_rate: 0.05 } } }
`

test('a class is named as it is written, whatever number it looks like', async () => {
  const folder = await folderOf({ 'plugboard.yaml': SIZED, 'plugins/sizes.ts': SIZES })
  const checkpoint = await trained(folder)
  const predict = (...values: string[]) => cli(['predict', folder, checkpoint, ...values])
  expect((await predict()).out).toContain('  size=…  choice, one of 2.0, 1.0, 0.0\n')
  expect((await predict('size=0.0', 'word=0.0')).out).toMatch(/^nothing {2}/)
  expect((await predict('size=2.0', 'word=2.0')).out).toMatch(/^other {2}/)
  for (const [name, values] of [
    ['size', ['size=0', 'word=0.0']],
    ['word', ['size=0.0', 'word=0']],
  ] as const) {
    const { code, err } = await predict(...values)
    expect([code, err]).toEqual([2, expect.stringContaining(`The input '${name}' is one of `)])
    expect(err).toContain("not '0'.")
  }
})

test('a language model goes on with a text', async () => {
  const checkpoint = await trained('examples/names', 'max_steps=3')
  const { code, out, err } = await cli(['predict', 'examples/names', checkpoint, 'text=mar'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^mar[^]*\n$/)
})
