// plugboard folds: every row is held back once, and the means are told.
import { expect, test, vi } from 'vitest'
import { folderOf } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

test('trains once for each fold and tells the mean of each metric', async () => {
  const folder = await folderOf(LINE)
  const { code, out, err } = await cli(['folds', folder, '--folds=2', '--device=cpu'])
  expect([code, err]).toEqual([0, ''])
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  const losses = lines.slice(0, 2).map((line, i) => {
    const [, loss] = new RegExp(`^fold ${i + 1} of 2: val_loss (\\S+)`).exec(line) ?? []
    return Number(loss)
  })
  expect(new Set(losses).size).toBe(2)
  const [, mean] = /^mean of 2 folds: val_loss (\S+) ± \d/.exec(lines[2]!) ?? []
  expect(Number(mean)).toBeCloseTo(losses.reduce((a, b) => a + b) / 2, 3)
})

test.each([
  ['experiment.validation.fold=9', 'experiment.validation.fold'],
  ['experiment.validation={stratify: labels, folds: 3}', 'experiment.validation.folds'],
])('--set %s is refused: folds sets it itself', async (setting, name) => {
  const { code, err } = await cli(['folds', await folderOf(LINE), '--set', setting])
  expect(code).toBe(2)
  expect(err).toContain(`--set ${setting}: folds trains with each ${name} in turn. Take --folds`)
})

test('a number of folds that is none is refused', async () => {
  const wrong = await cli(['folds', '.', '--folds=1'])
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain("--folds takes a whole number from 2 on, not '1'.")
})
