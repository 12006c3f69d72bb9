// Commands of plugins written as text: what is told of arguments that do not fit, and of commands that are broken.
import { expect, test } from 'vitest'
import { errorInfo } from '#sdk'
import { pluginFile, Workbench } from './testing/workbench.ts'

async function up(body: string) {
  const bench = new Workbench()
  const manifest = { name: 'tools', category: 'utility' }
  await bench.up(
    { 'plugins/tools.ts': pluginFile(manifest, `initialize() {\n${body}\n}`) },
    'plugins:\n  use: { tools: {} }\n',
  )
  return bench.engine
}

const thrownBy = async (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it did not throw'),
    (thrown: unknown) => errorInfo(thrown),
  )

test('[K08] every argument that does not fit is told by itself, with the way to it', async () => {
  const engine = await up(`
    this.ctx.provide('command', 'draw', () => ({
      title: 'Draw',
      args: z.object({
        size: z.object({ width: z.int().min(1) }),
        colours: z.array(z.enum(['red', 'blue'])),
      }),
      run: () => 'drawn',
    }))`)
  const error = await thrownBy(
    engine.command('draw', { size: { width: 0 }, colours: ['red', 'rd'], colour: 'red' }),
  )
  expect(error).toMatchObject({ code: 'contribution.config', plugin: 'tools' })
  expect(error.issues).toMatchObject([
    { path: ['size', 'width'], message: expect.stringMatching(/^`size\.width` is 0: .*1/) },
    { path: ['colours', 1], message: expect.stringContaining('"blue"') },
    { path: ['colour'], message: expect.stringContaining('not a known setting') },
  ])
  expect(await engine.command('draw', { size: { width: 1 }, colours: [] })).toBe('drawn')
})

test('[K08] a command that cannot be made is listed with the reason, beside the others', async () => {
  const engine = await up(`
    this.ctx.provide('command', 'broken', () => { throw new Error('no') })
    this.ctx.provide('command', 'shapeless', () => ({ title: 'S', args: { n: z.number() }, run: () => 1 }))
    this.ctx.provide('command', 'good', () => ({ title: 'Good', run: () => 2 }))`)
  const commands = await engine.commands()
  expect(commands).toMatchObject([
    {
      name: 'broken',
      error: { message: 'Error: no', source: { file: 'plugins/tools.ts', line: 5 } },
    },
    { name: 'shapeless', error: { code: 'contribution.contract' } },
    { name: 'good', title: 'Good' },
  ])
  expect(commands[2]).not.toHaveProperty('error')
  expect((await thrownBy(engine.command('shapeless', {}))).hint).toContain('z.object')
  const missing = await thrownBy(engine.command('goood', {}))
  expect(missing).toMatchObject({ code: 'contribution.missing', hint: 'did you mean `good`?' })
  expect(missing.source).toBeUndefined()
})
