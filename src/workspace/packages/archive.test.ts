// Archives of strangers: whatever they hold, a clear refusal or good files; never more memory than allowed.
import { expect, test } from 'vitest'
import { hostileArchives, tgz } from './hostile.fixture.ts'
import { readPackage } from './read-package.ts'

test.each(hostileArchives)('[K21] refused: %s', async (_, make, says) => {
  const archive = await make()
  const error = await readPackage(archive, 'bad.tgz').then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toMatch(/bad\.tgz/)
  expect((error as Error).message).toMatch(says)
  expect(({} as Record<string, unknown>)['package.json']).toBeUndefined()
})

test('a long path, which tar keeps in two fields, arrives whole', async () => {
  const path = `${'folder-of-a-long-name/'.repeat(4)}index.ts`
  const archive = await tgz([
    {
      name: 'package/package.json',
      text: `{"name":"x","version":"1.0.0","plugboard":"./${path}"}`,
    },
    { name: `package/${path}`, text: 'export {}' },
    { name: 'package/.npmignore', text: 'x' },
  ])
  const { files, entries } = await readPackage(archive, 'x.tgz')
  expect([...files.keys()]).toEqual(['package.json', path])
  expect(entries).toEqual([path])
})
