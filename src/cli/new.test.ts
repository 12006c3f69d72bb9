// plugboard new: a plugin from a template, on disk.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folderOf, freshPath } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const configOf = (folder: string) => readFile(join(folder, 'plugboard.yaml'), 'utf8')

test('[K22] a new folder becomes a workspace that trains with the plugin and tests it', async () => {
  const folder = freshPath('begun')
  const made = await cli(['new', 'sampler', 'some-rows', folder])
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toBe(
    `Made plugins/some-rows.ts and its test tests/some-rows.test.ts.
plugboard.yaml is new: an experiment that trains with it.
Try it: plugboard test ${folder}, plugboard run ${folder}
`,
  )
  const tested = await cli(['test', folder])
  expect(tested).toMatchObject({ code: 0, err: '' })
  expect(tested.out).toMatch(/^✓ tests\/some-rows\.test\.ts › draws a share of the rows/m)
  const trained = await cli(['run', folder, '--set=experiment.training.max_steps=3'])
  expect(trained).toMatchObject({ code: 0, err: '' })
  expect(trained.out).toMatch(/^Finished after 3 steps/m)
})

test('[K22] a folder with other files becomes a workspace, too', async () => {
  const folder = await folderOf({ 'README.md': '# Mine\n' })
  expect(await cli(['new', 'callback', 'first', folder])).toMatchObject({ code: 0, err: '' })
  expect(await cli(['check', folder, '--no-types'])).toMatchObject({ code: 0, err: '' })
})

test('[K22] a workspace gets a plugin, and a line that names it where that replaces nothing', async () => {
  const folder = await folderOf(LINE)
  const { code, out } = await cli(['new', 'schedule', 'to_zero', folder])
  expect(code).toBe(0)
  expect(out).toContain('plugboard.yaml names it now.\n')
  const rate = '    optimizer: { name: sgd, config: { learning_rate: 0.05 } }\n'
  expect(await configOf(folder)).toBe(
    CONFIG.replace(rate, `${rate}    schedule: { name: to_zero, config: { power: 1 } }\n`),
  )
  expect(await cli(['check', folder])).toMatchObject({ code: 0 })
})

test('[K22] says what to write where something would be replaced; --use writes it', async () => {
  const folder = await folderOf(LINE)
  const first = await cli(['new', 'loss', 'first', folder])
  expect(first.out).toContain(`To train with it, write in plugboard.yaml, in place of mse:
  experiment:
    training:
      loss: { name: first, config: { margin: 1 } }
It needs a model that gives logits, and class numbers in the column labels.
`)
  expect(await configOf(folder)).toBe(CONFIG)
  const second = await cli(['new', 'loss', 'second', folder, '--use'])
  expect(second.out).toContain('plugboard.yaml names it now, in place of mse.\n')
  expect(await configOf(folder)).toBe(
    CONFIG.replace('mse', '{ name: second, config: { margin: 1 } }'),
  )
})

test('[K22] overwrites nothing and takes no name twice', async () => {
  const folder = await folderOf({ ...LINE, 'tests/mine.test.ts': 'mine' })
  const tries: [string[], RegExp][] = [
    [['callback', 'mine'], /There is a file named tests\/mine\.test\.ts already/],
    [['callback', 'teller'], /There is a plugin teller already, in plugins\/teller\.ts/],
    [['loss', 'mse'], /mse is a built-in plugin.*would stand in for it.*fork/],
    [['optimizer', 'adam'], /The optimizer adam comes from the plugin adamw.*override/],
    [['loss', 'Focal Loss'], /"Focal Loss" is no name for a plugin: take lower-case letters/],
  ]
  for (const [args, message] of tries) {
    const { code, out, err } = await cli(['new', ...args, folder])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(message)
  }
  expect(await configOf(folder)).toBe(CONFIG)
  expect(await readFile(join(folder, 'tests/mine.test.ts'), 'utf8')).toBe('mine')
  const file = freshPath('file.txt')
  await writeFile(file, '')
  expect((await cli(['new', 'loss', 'a', file])).err).toContain('is no folder')
})

test('[K22] lists the kinds in its usage', async () => {
  const { out } = await cli(['new', '--help'])
  expect(out).toMatch(/^Usage: plugboard new <kind> <name> \[folder\] \[options\]$/m)
  expect(out).toMatch(/^ {2}loss +what training makes small$/m)
  const { code, err } = await cli(['new', 'los', 'a'])
  expect(code).toBe(2)
  expect(err).toMatch(/^There is no kind 'los'\.\n\nUsage: [^]*^ {2}validator +/m)
})
