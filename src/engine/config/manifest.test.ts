// Manifests as they are read from compiled code, in every shape that TypeScript gives it.
import { describe, expect, test } from 'vitest'
import { parseModule } from '../modules/parse.ts'
import { compileFiles } from '../testing/modules.ts'
import { compileAsPage } from '../testing/typescript.ts'
import { readManifests } from './index.ts'

describe('[P08] manifests are read without running code', () => {
  const read = async (source: string) => {
    const [module] = await compileFiles({ 'plugins/a.ts': source })
    return readManifests(parseModule(module!))
  }

  test('from classes, plain objects, lists, constants and renamed imports', async () => {
    const { manifests, problems } = await read(
      `import { plugin as make, definePlugin } from 'plugboard'\n` +
        `import * as pb from 'plugboard'\n` +
        `const VERSION = '1.2.3'\nconst two = { name: 'two', version: VERSION, priority: -1 } as const\n` +
        `globalThis.process.exit(1)\n` +
        `class One extends make({ manifest: { name: 'one', version: \`1.0.0\`, tags: ['a'] } }) {}\n` +
        `export default [One, definePlugin({ manifest: two, methods: {} }), class extends pb.plugin({ manifest: { name: 'three', version: '0.1.0' } }) {}]`,
    )
    expect(problems).toEqual([])
    expect(
      manifests.map(({ manifest, source }) => [
        manifest.name,
        manifest.version,
        manifest.priority,
        source.line,
      ]),
    ).toEqual([
      ['one', '1.0.0', 0, 6],
      ['two', '1.2.3', -1, 4],
      ['three', '0.1.0', 0, 7],
    ])
  })

  test('every problem at its place', async () => {
    const { problems } = await read(
      `import { plugin } from 'plugboard'\nexport default class extends plugin({\n  manifest: {\n    name: 'Bad Name',\n    version: 'one',\n    licence: 'MIT',\n    conflicts: ['plugin:other'],\n  },\n}) {}`,
    )
    expect(problems.map((p) => p.source!.line).toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7])
    expect(problems.every((p) => p.code === 'manifest.invalid')).toBe(true)
    expect(problems.map(({ hint }) => hint)).toContain('did you mean `license`?')
  })

  test('a name without end is refused', async () => {
    const { problems } = await read(
      `import { plugin } from 'plugboard'\nexport default class extends plugin({ manifest: { name: '${'a'.repeat(101)}', version: '1.0.0' } }) {}`,
    )
    expect(problems).toMatchObject([{ code: 'manifest.invalid', source: { line: 2 } }])
  })

  test('a computed manifest and a missing one are refused', async () => {
    const computed = await read(
      `import { plugin } from 'plugboard'\nexport default class extends plugin({\n  manifest: { name: 'a',\n    version: String(1) } }) {}`,
    )
    expect(computed.problems).toMatchObject([{ code: 'manifest.invalid', source: { line: 4 } }])
    const missing = await read(
      `import { plugin } from 'plugboard'\nconst spec = make()\nexport default class extends plugin(spec) {}`,
    )
    expect(missing.problems).toMatchObject([{ code: 'manifest.missing', source: { line: 3 } }])
  })

  describe("in TypeScript's output", () => {
    const decorators = `const logged = (value: unknown, context: DecoratorContext): any => void [value, context]`
    const plain = `plugin({ manifest: { name: 'a', version: '1.0.0' } })`

    test.each([
      ['a decorated class', `${decorators}\n@logged\nexport default class extends ${plain} {}`],
      [
        'decorated members',
        `${decorators}\nexport default class A extends ${plain} {\n  @logged accessor x = 1\n  @logged start() {}\n}`,
      ],
      ['a class exported by name', `class A extends ${plain} {}\nexport { A as default }`],
      ['a parenthesised class', `export default (class extends ${plain} {}) satisfies object`],
      [
        'resources, which hoist all that is declared beside them',
        `using file = { [Symbol.dispose]() {} }\nvoid file\nexport default class A extends ${plain} {}`,
      ],
      [
        'constants beside resources',
        `using file = { [Symbol.dispose]() {} }\nvoid file\nconst VERSION = '1.0.0' as const\nconst manifest = { name: 'a', version: VERSION } satisfies object\nclass A extends plugin({ manifest }) {}\nexport { A as default }`,
      ],
      [
        'awaited resources',
        `await using file = { async [Symbol.asyncDispose]() {} }\nvoid file\nexport const version = '1.0.0'\nexport default class A extends plugin({ manifest: { name: 'a', version } }) {}`,
      ],
    ])('%s', async (_, source) => {
      const text = `import { plugin } from 'plugboard'\n${source}`
      const module = await compileAsPage('plugins/a.ts', text)
      const parsed = parseModule(module)
      expect(parsed.exports).toContain('default')
      const { manifests, problems } = readManifests(parsed)
      expect(problems).toEqual([])
      expect(manifests).toMatchObject([{ manifest: { name: 'a', version: '1.0.0' } }])
      const line = text.split('\n').findIndex((row) => row.includes("name: 'a'")) + 1
      expect(manifests[0]!.source).toMatchObject({ file: 'plugins/a.ts', line })
    })

    test('what is assigned anew is no constant', async () => {
      const module = await compileAsPage(
        'plugins/a.ts',
        `import { plugin } from 'plugboard'
using file = { [Symbol.dispose]() {} }
let version = '1.0.0'
if (file) version = '2.0.0'
export default class A extends plugin({ manifest: { name: 'a', version } }) {}`,
      )
      expect(readManifests(parseModule(module)).problems).toMatchObject([
        { code: 'manifest.invalid', source: { line: 5 } },
      ])
    })
  })
})
