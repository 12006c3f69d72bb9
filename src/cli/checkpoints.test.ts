// plugboard run with checkpoints: written as files, and gone on from.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type EngineEvent, isEngineEvent, parseEvents } from '#protocol'
import { folderOf } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const run = (folder: string, ...more: string[]) =>
  cli(['run', folder, '--device=cpu', '--json', ...more])

/** Loss by step. */
function lossesOf(out: string): (readonly [number, number])[] {
  const lines = out.trimEnd().split('\n')
  const events = parseEvents(lines.map((line) => JSON.parse(line) as unknown))
  return events
    .filter(isEngineEvent)
    .flatMap((event: EngineEvent) =>
      event.type === 'run.metrics'
        ? event.data.points.flatMap(({ step, values }) =>
            values['loss'] === undefined ? [] : [[step, values['loss']] as const],
          )
        : [],
    )
}

test('Ctrl+C leaves a checkpoint; --resume goes on as if nothing had been', async () => {
  const folder = await folderOf(LINE)
  const whole = lossesOf((await run(folder)).out)
  const files = join(await folderOf({}), 'kept')
  const interrupt = new AbortController()
  const stopped = await cli(['run', folder, '--device=cpu', '--checkpoint-dir', files], {
    signal: interrupt.signal,
    onText: (text) => text.startsWith('teller: step 10') && interrupt.abort(),
  })
  expect(stopped.code).toBe(130)
  expect(stopped.out).toMatch(/^checkpoint last at step \d+$/m)
  expect(await readdir(files)).toEqual(['last.safetensors'])
  const resumed = await run(folder, '--resume', join(files, 'last.safetensors'))
  expect([resumed.code, resumed.err]).toEqual([0, ''])
  const rest = lossesOf(resumed.out)
  expect(rest.length).toBeLessThan(whole.length)
  expect(rest).toEqual(whole.slice(-rest.length))
})

test('those that a plugin takes lie in the workspace, where an experiment can begin from one', async () => {
  const folder = await folderOf(LINE)
  const keep = '--set=experiment.training.checkpoint_every_epochs=1'
  const first = await run(folder, keep)
  expect([first.code, first.err]).toEqual([0, ''])
  const names = ['best.safetensors', 'last.safetensors']
  expect((await readdir(join(folder, 'checkpoints'))).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    names,
  )
  const from = '--set=experiment.init_from=checkpoints/last.safetensors'
  const second = await run(folder, from)
  expect([second.code, second.err]).toEqual([0, ''])
  expect(lossesOf(second.out)[0]![1]).toBeLessThan(lossesOf(first.out)[0]![1] / 2)
})

test('says what is wrong with a file, and ends with code 1', async () => {
  const folder = await folderOf(LINE)
  const missing = await run(folder, '--resume', join(folder, 'none.safetensors'))
  expect(missing.code).toBe(1)
  expect(missing.err + missing.out).toContain('none.safetensors')
  const nonsense = join(folder, 'nonsense.safetensors')
  await writeFile(nonsense, 'no checkpoint at all')
  for (const args of [
    ['run', folder, '--device=cpu', '--resume', nonsense],
    ['export', folder, nonsense],
    ['predict', folder, nonsense],
  ]) {
    const { code, err } = await cli(args)
    expect([code, err]).toEqual([1, expect.stringContaining(nonsense)])
  }
  await run(folder, '--set=experiment.training.checkpoint_every_epochs=1')
  const file = join(folder, 'checkpoints', 'last.safetensors')
  const bytes = await readFile(file)
  const cut = join(folder, 'cut.safetensors')
  await writeFile(cut, bytes.subarray(0, -4))
  const broken = await cli(['run', folder, '--device=cpu', '--resume', cut])
  expect([broken.code, broken.err]).toEqual([1, expect.stringContaining('is cut off')])
  const over = await cli(['run', folder, '--device=cpu', '--resume', file])
  expect([over.code, over.err]).toEqual([1, expect.stringContaining('at the end of its run')])
  await writeFile(join(folder, 'plugboard.yaml'), CONFIG.replace('seed: 3', 'seed: 4'))
  const other = await cli(['run', folder, '--device=cpu', '--resume', file])
  expect([other.code, other.err]).toEqual([1, expect.stringContaining('seed is 4, and was 3')])
})

test('training goes on when a file cannot be written', async () => {
  const folder = await folderOf(LINE)
  const blocked = join(folder, 'blocked')
  await mkdir(join(blocked, 'last.safetensors.part'), { recursive: true })
  const { code, out, err } = await cli(['run', folder, '--device=cpu', '--checkpoint-dir', blocked])
  expect([code, err]).toEqual([0, expect.stringContaining('could not be written to')])
  expect(out).toContain('Finished after 27 steps')
})
