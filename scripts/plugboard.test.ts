// The command as a user starts it: built when needed, in a process of its own, ended by Ctrl+C whatever its plugins do.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// Bundling it takes up to half a minute on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const launcher = fileURLToPath(new URL('plugboard.mjs', import.meta.url))
const root = await mkdtemp(join(tmpdir(), 'plugboard-'))
afterAll(() => rm(root, { recursive: true, force: true }))

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function textOf(stream: AsyncIterable<unknown> | null): Promise<string> {
  let text = ''
  for await (const part of stream!) text += String(part)
  return text
}

async function finish(command: ChildProcess) {
  const [[code], out, err] = await Promise.all([
    once(command, 'exit') as Promise<[number | null]>,
    textOf(command.stdout),
    textOf(command.stderr),
  ])
  return { code, out, err }
}

/** Resolves when `text` was written to the stream. */
const written = (stream: Readable | null, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream!.on('data', (part) => String(part).includes(text) && resolve())
  })

/** Trains for hours; its callback says so, to standard output as plugins must not, and then does `body`. */
async function endless(body: string): Promise<string> {
  const folder = await mkdtemp(join(root, 'workspace-'))
  await mkdir(join(folder, 'plugins'))
  await writeFile(
    join(folder, 'plugboard.yaml'),
    `experiment:
  dataset: digits
  model: { name: mlp, config: { hidden: [8] } }
  training: { epochs: 100000, batch_size: 16, loss: cross_entropy, optimizer: sgd }
`,
  )
  await writeFile(
    join(folder, 'plugins/third-step.ts'),
    `import { type HookArgs, plugin } from 'plugboard'

export default class ThirdStep extends plugin({
  manifest: { name: 'third_step', version: '1.0.0', category: 'callback' },
}) {
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    if (step !== 3) return
    console.log('third step')
    ${body}
  }
}
`,
  )
  return folder
}

beforeAll(async () => void (await finish(start('--help'))))

test('passes its arguments on, and the exit code back', async () => {
  expect(await finish(start('--help'))).toMatchObject({ code: 0, err: '' })
  const { code, out, err } = await finish(start('walk'))
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain("There is no command 'walk'.")
})

test('Ctrl+C ends a run at its next step; standard output has its events and nothing else', async () => {
  const command = start('run', await endless(''), '--device=cpu', '--json')
  void written(command.stderr, 'third step').then(() => command.kill('SIGINT'))
  const { code, out, err } = await finish(command)
  expect([code, err]).toEqual([130, 'third step\n'])
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(events.at(-1)).toMatchObject({ type: 'run.state', data: { reason: 'stopped' } })
})

test('a second Ctrl+C ends a plugin that never gives the thread back', async () => {
  const command = start('run', await endless('for (;;) {}'), '--device=cpu')
  void written(command.stderr, 'third step').then(() => {
    command.kill('SIGINT')
    setTimeout(() => command.kill('SIGINT'), 100)
  })
  expect((await finish(command)).code).toBe(130)
})

test('[F10] trains on two engines, each in a thread; what a rank fails at ends the command', async () => {
  const folder = await mkdtemp(join(root, 'workspace-'))
  await mkdir(join(folder, 'plugins'))
  await writeFile(
    join(folder, 'plugboard.yaml'),
    `plugins: { use: { model_averaging: {} } }
experiment:
  dataset: { name: moons, config: { rows: 400 } }
  model: { name: mlp, config: { hidden: [8], input: features } }
  head: classification
  training: { batch_size: 8, max_steps: 6, validate_every: 2, sampler: distributed, optimizer: sgd }
`,
  )
  const ranks = join(folder, 'plugins/ranks.ts')
  const plugin = (body: string) => `import { plugin, ProcessGroup } from 'plugboard'
export default class extends plugin({
  manifest: { name: 'ranks', version: '1.0.0' },
  inject: { group: ProcessGroup },
}) {
  async onTrainBegin() {
    const { group } = this.services
    ${body}
  }
}`
  const train = () => finish(start('run', folder, '--device', 'cpu', '--world-size', '2'))
  await writeFile(ranks, plugin(`this.ctx.log.info(String(await group.allGather(group.rank)))`))
  const well = await train()
  expect(well.out).toContain('ranks: 0,1')
  expect(well).toMatchObject({ code: 0, out: expect.stringContaining('Finished after 6 steps') })
  const broken = `if (group.rank === 1) throw new Error('no more memory')`
  await writeFile(ranks, plugin(broken).replace('onTrainBegin', 'initialize'))
  const ill = await train()
  expect(ill.code).toBe(1)
  expect(ill.err).toContain('rank 1: ')
  expect(ill.err).toContain('no more memory')
})
