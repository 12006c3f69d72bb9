// The command with its typed arguments, and the line to beat.
import { createTestEngine, expect, test } from 'plugboard/testing'
import Endings from '../plugins/endings.ts'
import { assets, smallRun } from './small-run.ts'

test('counts names by their ending, with defaults for what is not said', async () => {
  const engine = await createTestEngine({ plugins: [Endings], assets })
  await engine.up()
  expect(await engine.command('count_endings')).toEqual({ female: 1 })
  expect(await engine.command('count_endings', { ending: 'is' })).toEqual({ female: 1, male: 1 })
  expect(await engine.command('count_endings', { ending: 'n' })).toEqual({ unknown: 1 })
  expect(await engine.command('count_endings', { ending: 'd', task: 'syllables' })).toEqual({
    1: 1,
  })
})

test('refuses arguments of another form, all at once', async () => {
  const engine = await createTestEngine({ plugins: [Endings], assets })
  await engine.up()
  const wrong = engine.command('count_endings', { ending: '', of: 'gender' })
  await expect(wrong).rejects.toThrow(/ending[^]*of/)
})

test('draws what the last letter alone gets right', async () => {
  const engine = await smallRun({ plugins: [Endings] })
  await engine.run()
  const { value } = engine.events.assertEmitted('run.reference', {
    metric: 'val_gender_accuracy',
    label: 'last letter',
  }).data as { value: number }
  expect(value).toBeGreaterThanOrEqual(0)
  expect(value).toBeLessThanOrEqual(1)
})
