import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import * as sdk from '#sdk'
import { compileFiles, nodeModuleHost } from '../testing/modules.ts'
import { ModuleGraph } from './index.ts'

const graph = () => new ModuleGraph(nodeModuleHost, { plugboard: sdk, '@tensorflow/tfjs': tf })

async function plan(files: Record<string, string>) {
  const modules = graph()
  return { modules, plan: modules.plan(await compileFiles(files)) }
}

const problemsOf = async (files: Record<string, string>) =>
  (await plan(files)).plan.problems.map(({ code, message, source, hint }) => ({
    code,
    message,
    source,
    hint,
  }))

describe('linking', () => {
  test('modules import each other, the sdk and tfjs as the live objects', async () => {
    const { modules, plan: checked } = await plan({
      'plugins/a.ts': `import { twice } from '../lib/twice.ts'\nimport { Module } from 'plugboard'\nimport * as tf from '@tensorflow/tfjs'\nexport default { value: twice(21), Module, add: tf.add }`,
      'lib/twice.ts': `export const twice = (n: number): number => n * 2`,
    })
    expect(checked.problems).toEqual([])
    expect(checked.files).toEqual(['plugins/a.ts', 'lib/twice.ts'])
    const { default: value } = (await modules.load(checked, 'plugins/a.ts')) as {
      default: Record<string, unknown>
    }
    expect(value['value']).toBe(42)
    expect(value['Module']).toBe(sdk.Module)
    expect(value['add']).toBe(tf.add)
  })

  test('a missing file is named at the import, with the nearest one', async () => {
    const [problem, ...rest] = await problemsOf({
      'plugins/a.ts': `const one = 1\nimport { x } from '../lib/halpers.ts'\nexport default { x, one }`,
      'lib/helpers.ts': `export const x = 1`,
    })
    expect(rest).toEqual([])
    expect(problem).toMatchObject({
      code: 'module.missing',
      source: { file: 'plugins/a.ts', line: 2, column: 1 },
    })
    expect(problem!.message).toContain('lib/halpers.ts')
    expect(problem!.hint).toContain('lib/helpers.ts')
  })

  test('a missing export and an unknown package are link errors', async () => {
    const problems = await problemsOf({
      'plugins/a.ts': `import { plugn } from 'plugboard'\nimport left from 'left-pad'\nexport default [plugn, left]`,
    })
    expect(problems.map((p) => [p.source!.line, p.code])).toEqual([
      [1, 'module.missing'],
      [2, 'module.missing'],
    ])
    expect(problems[0]!.hint).toContain('`plugin`')
    expect(problems[1]!.hint).toContain('@tensorflow/tfjs')
  })

  test('a circle of imports is refused by its path; type imports may go in circles', async () => {
    const [problem, ...rest] = await problemsOf({
      'plugins/a.ts': `import { b } from '../lib/b.ts'\nexport default b`,
      'lib/b.ts': `import { c } from './c.ts'\nexport const b = () => c`,
      'lib/c.ts': `import { b } from './b.ts'\nexport const c = () => b`,
    })
    expect(rest).toEqual([])
    expect(problem!.message).toContain('lib/b.ts → lib/c.ts → lib/b.ts')
    expect(
      await problemsOf({
        'lib/b.ts': `import type { C } from './c.ts'\nexport interface B { c: C }\nexport const b = 1`,
        'lib/c.ts': `import type { B } from './b.ts'\nexport interface C { b: B }\nexport const c = 1`,
      }),
    ).toEqual([])
  })

  test('the hash of a file changes with its own code and with what it imports, and with nothing else', async () => {
    const files = {
      'plugins/a.ts': `import { x } from '../lib/x.ts'\nexport default x`,
      'plugins/b.ts': `export default 1`,
      'lib/x.ts': `export const x = 1`,
    }
    const modules = graph()
    const hashes = async (changed: Partial<typeof files>) => {
      const next = modules.plan(await compileFiles({ ...files, ...changed }))
      return [next.hashOf('plugins/a.ts'), next.hashOf('plugins/b.ts')] as const
    }
    const [a, b] = await hashes({})
    expect(await hashes({})).toEqual([a, b])
    const [edited, untouched] = await hashes({ 'lib/x.ts': `export const x = 2` })
    expect(edited).not.toBe(a)
    expect(untouched).toBe(b)
  })

  test('a module is evaluated once a version', async () => {
    const modules = graph()
    const files = await compileFiles({ 'plugins/a.ts': `export default {}` })
    const first = await modules.load(modules.plan(files), 'plugins/a.ts')
    expect(await modules.load(modules.plan(files), 'plugins/a.ts')).toBe(first)
  })
})

test('what a failed module shares with others is kept, the rest is evaluated anew', async () => {
  const evaluated: string[] = []
  Object.assign(globalThis, { __evaluated: evaluated })
  const { modules, plan: checked } = await plan({
    'plugins/a.ts': `import { one } from '../lib/one.ts'\nexport default one`,
    'plugins/b.ts': `import { one } from '../lib/one.ts'\nglobalThis.__evaluated.push('b')\nif (globalThis.__evaluated.length < 3) throw new Error('not yet')\nexport default one`,
    'lib/one.ts': `globalThis.__evaluated.push('one')\nexport const one = {}`,
  })
  const { default: one } = await modules.load(checked, 'plugins/a.ts')
  await expect(modules.load(checked, 'plugins/b.ts')).rejects.toThrow('not yet')
  expect((await modules.load(checked, 'plugins/b.ts'))['default']).toBe(one)
  expect(evaluated).toEqual(['one', 'b', 'b'])
})

describe('[W02] errors lead to the source line', () => {
  test('a throw while loading, also in an imported file', async () => {
    const { modules, plan: checked } = await plan({
      'plugins/a.ts': `import { x } from '../lib/x.ts'\nexport default x`,
      'lib/x.ts': `interface Long { a: string; b: string }\nenum Kind { A, B }\n\nfunction fail(kind: Kind): Long {\n  throw new RangeError('too big')\n}\nexport const x = fail(Kind.A)`,
    })
    const error = await modules
      .load(checked, 'plugins/a.ts')
      .catch((thrown: unknown) => thrown as sdk.EngineError)
    expect(error).toMatchObject({
      code: 'plugin.threw',
      stage: 'load',
      source: { file: 'lib/x.ts', line: 5 },
    })
    expect((error as sdk.EngineError).message).toContain('RangeError: too big')
    expect((error as sdk.EngineError).frames!.map(({ name, line }) => [name, line])).toContainEqual(
      ['fail', 5],
    )
  })

  test('a throw in a function called later, and its cause', async () => {
    const { modules, plan: checked } = await plan({
      'plugins/a.ts': `export default {\n  run(): void {\n    try { JSON.parse('{') } catch (cause) {\n      throw new Error('no config', { cause })\n    }\n  },\n}`,
    })
    const { default: value } = (await modules.load(checked, 'plugins/a.ts')) as {
      default: { run(): void }
    }
    let error: sdk.EngineError | undefined
    try {
      value.run()
    } catch (thrown) {
      error = modules.locate(thrown, { code: 'hook.threw', plugin: 'a', hook: 'onEpochEnd' })
    }
    expect(error).toMatchObject({
      plugin: 'a',
      hook: 'onEpochEnd',
      source: { file: 'plugins/a.ts', line: 4 },
    })
    expect((error!.cause as sdk.EngineError).source).toMatchObject({ line: 3 })
  })

  test('code that is rewritten leads to its own columns, and its functions keep their names', async () => {
    const source = [
      `import { nn } from 'plugboard'; const made = (n: number) => { const inner = () => { if (n) fail(n, Date.now()) }; return inner }`,
      `class Part { #n = 1; #inner = () => { fail(this.#n, performance.now()) }; get inner() { return this.#inner } }`,
      `function fail(...values: number[]): never { throw new Error(String(values.length + nn.scalar(1).size)) }`,
      `const wrapped = { ...{ a: made(1) }, method() { return () => { fail(Math.random()); } } }`,
      `export default [made(1), new Part().inner, wrapped.a, wrapped.method()]`,
    ]
    const { modules, plan: checked } = await plan({ 'a.ts': source.join('\n') })
    const loaded = await modules.load(checked, 'a.ts')
    const places = (loaded['default'] as (() => void)[]).map((run) => {
      try {
        run()
      } catch (thrown) {
        const [, caller] = modules.locate(thrown, { code: 'hook.threw' }).frames!
        const text = source[caller!.line - 1]!.slice(caller!.column - 1)
        return [caller!.name, text.slice(0, text.indexOf('('))]
      }
      return undefined
    })
    expect(places).toEqual([
      ['inner', 'fail'],
      [expect.stringMatching(/inner$/), 'fail'],
      ['inner', 'fail'],
      ['(anonymous)', 'fail'],
    ])
  })

  test('an old version still leads to its own lines after an edit', async () => {
    const modules = graph()
    const load = async (source: string) =>
      (
        await modules.load(
          modules.plan(await compileFiles({ 'plugins/a.ts': source })),
          'plugins/a.ts',
        )
      )['default'] as () => void
    const old = await load(`export default () => {\n  throw new Error('old')\n}`)
    await load(`\n\n\n\nexport default () => {\n  throw new Error('new')\n}`)
    const lineOf = (run: () => void): number | undefined => {
      try {
        run()
      } catch (thrown) {
        return modules.locate(thrown, { code: 'hook.threw' }).source?.line
      }
      return undefined
    }
    expect(lineOf(old)).toBe(2)
  })

  test('causes that go in a circle are told once', () => {
    const [inner, outer] = [new Error('inner'), new Error('outer')]
    Object.assign(inner, { cause: outer })
    Object.assign(outer, { cause: inner })
    const error = graph().locate(outer, { code: 'hook.threw' })
    expect(error).toMatchObject({ message: 'Error: outer', cause: { message: 'Error: inner' } })
    expect((error.cause as sdk.EngineError).cause).toBeUndefined()
    expect(sdk.errorInfo(error).cause).toMatchObject({ message: 'Error: inner', cause: undefined })
    const alone = new Error('alone')
    Object.assign(alone, { cause: alone })
    expect(graph().locate(alone, { code: 'hook.threw' }).cause).toBeUndefined()
  })

  test('of causes without end, the first ones are told', () => {
    const endless = (depth: number): Error =>
      Object.defineProperty(new Error(`cause ${depth}`), 'cause', { get: () => endless(depth + 1) })
    const info = sdk.errorInfo(graph().locate(endless(0), { code: 'hook.threw' }))
    expect(JSON.stringify(info).match(/cause \d+/g)).toHaveLength(11)
  })

  test('edits of one file do not make the lines of another forgotten', async () => {
    const modules = graph()
    const load = async (file: string, source: string) => {
      const checked = modules.plan(await compileFiles({ [file]: source }))
      return (await modules.load(checked, file))['default'] as () => unknown
    }
    const fail = `export default () => {\n  return new Error('made here')\n}`
    const steady = await load('plugins/b.ts', fail)
    for (let i = 0; i < 320; i++) await load('plugins/a.ts', `export default () => ${i}`)
    expect(modules.locate(steady(), { code: 'hook.threw' }).source).toMatchObject({
      file: 'plugins/b.ts',
      line: 2,
    })
  })

  test('an operation that tfjs lacks has a hint', () => {
    const hintOf = (message: string) =>
      graph().locate(new Error(message), { code: 'model.forward' }).hint
    expect(hintOf("Kernel 'Unique' not registered for backend 'webgpu'")).toContain(
      'tfjs has no Unique for webgpu',
    )
    expect(hintOf('Cannot compute gradient: gradient function not found for TopK.')).toContain(
      'tf.customGrad',
    )
    expect(hintOf('something else')).toBeUndefined()
  })

  test('a thrown value that is no error is still reported', () => {
    expect(graph().locate('just text', { code: 'hook.threw', plugin: 'a' })).toMatchObject({
      message: 'just text',
      plugin: 'a',
    })
  })
})
