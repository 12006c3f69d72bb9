// plugboard exec and list: commands of plugins with arguments from the command line, results, exit codes.
import { expect, test, vi } from 'vitest'
import { folderOf } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const GREETER = `import { defineCommand, plugin, z } from 'plugboard'

export default class Greeter extends plugin({
  manifest: { name: 'greeter', version: '1.0.0', category: 'utility' },
}) {
  initialize() {
    this.ctx.provide('command', 'greet', () => defineCommand({
      title: 'Greet',
      description: 'says hello',
      args: z.object({ name: z.string().min(1).describe('who'), times: z.int().min(1).max(3).default(1) }),
      run: ({ name, times }) => {
        this.ctx.log.info('greeting')
        if (name === 'nobody') throw new Error('nobody is there')
        return { text: Array(times).fill('hello ' + name) }
      },
    }))
    this.ctx.provide('command', 'touch', () => ({ title: 'Touch', run: () => undefined }))
    this.ctx.provide('command', 'wait', () => ({ title: 'Wait', run: () => new Promise(() => {}) }))
  }
}
`
const folder = await folderOf({
  ...LINE,
  'plugboard.yaml': `${LINE['plugboard.yaml']}    greeter: {}\n`,
  'plugins/greeter.ts': GREETER,
})

test('[K08] exec runs a command; standard output is its result, logs go beside it', async () => {
  const { code, out, err } = await cli(['exec', folder, 'greet', 'name=Ada Lovelace', 'times=2'])
  expect([code, out]).toEqual([0, '{"text":["hello Ada Lovelace","hello Ada Lovelace"]}\n'])
  expect(err).toContain('greeter: greeting')
  const json = await cli(['exec', folder, 'greet', 'name=7', '--json'])
  expect(JSON.parse(json.out)).toEqual({ text: ['hello 7'] })
  expect((await cli(['exec', folder, 'touch'])).out).toBe('')
  expect((await cli(['exec', folder, 'touch', '--json'])).out).toBe('null\n')
})

test('[K08] exec ends with code 2 for arguments that do not fit, and says what the command takes', async () => {
  const { code, out, err } = await cli(['exec', folder, 'greet', 'name=', 'times=9', 'n=1'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/`name` is "": .*\n.*`times` is 9: .*\n.*`n` is not a known setting/)
  expect(err).toContain('greet name=<text> [times=1]\n  Greet: says hello\n    name   text · who\n')
  expect(err).toContain('Usage: plugboard exec <workspace> <command> [key=value …] [options]')
  const odd = await cli(['exec', folder, 'greet', 'Ada'])
  expect([odd.code, odd.err]).toEqual([2, expect.stringContaining("'Ada' is not")])
})

test('[K08] exec ends with code 1 where a command throws or is not there', async () => {
  const thrown = await cli(['exec', folder, 'greet', 'name=nobody'])
  expect([thrown.code, thrown.out]).toEqual([1, ''])
  expect(thrown.err).toMatch(/^plugins\/greeter\.ts:13:\d+: error: Error: nobody is there/m)
  const unknown = await cli(['exec', folder, 'gret', 'name=Ada'])
  expect(unknown.code).toBe(1)
  expect(unknown.err).toMatch(/^error: there is no command `gret`\n.*greet/)
})

test('Ctrl+C ends a command that does not end', async () => {
  const interrupt = new AbortController()
  const ended = cli(['exec', folder, 'wait'], { signal: interrupt.signal })
  setTimeout(() => interrupt.abort(), 50)
  expect((await ended).code).toBe(130)
})

test('[K08] list shows commands with their arguments', async () => {
  const { code, out } = await cli(['list', folder])
  expect(code).toBe(0)
  expect(out).toMatch(
    /\ncommands\ngreet name=<text> \[times=1\] {2}\(greeter\)\n {2}Greet: says hello\n {4}name {3}text · who\n {4}times {2}whole number, 1 to 3\ntouch {2}\(greeter\)\n/,
  )
  const { commands } = JSON.parse((await cli(['list', folder, '--json'])).out) as {
    commands: unknown[]
  }
  expect(commands[0]).toMatchObject({ name: 'greet', args: { required: ['name'] } })
})
