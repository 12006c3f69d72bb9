// The help is whole: links lead to sections, the reference is read from the source, codes have a section.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builtinKinds } from '#sdk'
import { errorSections, sectionOfError } from './error-sections.ts'
import { codesOf, membersOf, reference, servicesOf } from './reference.ts'
import { sectionsOf } from './sections.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const guide = read('docs/guide.md')
const ids = new Set(sectionsOf(guide).map(({ id }) => id))
const sdk = {
  hooks: read('src/sdk/hooks.ts'),
  kinds: read('src/sdk/kinds.ts'),
  services: read('src/sdk/core-services.ts'),
  errors: read('src/sdk/errors.ts'),
}

test('every link inside of the guide leads to a section', () => {
  const links = [...guide.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id!)
  expect(links.length).toBeGreaterThan(15)
  expect(links.filter((id) => !ids.has(id))).toEqual([])
})

test('every error code has a section of the guide', () => {
  expect(Object.values(errorSections).filter((id) => !ids.has(id))).toEqual([])
  const codes = codesOf(sdk.errors)
  expect(codes).toContain('hook.threw')
  expect(codes.filter((code) => !ids.has(sectionOfError(code)))).toEqual([])
})

test('the reference has what the source has, with what its comments say', () => {
  const hooks = membersOf(sdk.hooks, 'Hooks')
  expect(hooks.find(({ name }) => name === 'onModelInit')?.about).toBe(
    'The model is built, its parameters exist.',
  )
  expect(hooks.every(({ name }) => name.startsWith('on'))).toBe(true)
  expect(membersOf(sdk.kinds, 'Kinds').map(({ name }) => name)).toEqual(Object.keys(builtinKinds))
  expect(servicesOf(sdk.services)).toContainEqual({
    name: 'Logger',
    key: 'core.logger',
    about: "The plugin's own logger, `ctx.log`.",
  })
  expect(() => membersOf(sdk.hooks, 'Nothing')).toThrow(/no interface Nothing/)
  expect(sectionsOf(reference(sdk, {})).map(({ id }) => id)).toContain('all-hooks')
})
