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

test('a language model goes on with a text', async () => {
  const checkpoint = await trained('examples/names', 'max_steps=3')
  const { code, out, err } = await cli(['predict', 'examples/names', checkpoint, 'text=mar'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^mar[^]*\n$/)
})
