// What a manifest requires, matched against what there is: plugins, capabilities, kinds, host libraries.
import { version_core } from '@tensorflow/tfjs'
import satisfies from 'semver/functions/satisfies'
import validRange from 'semver/ranges/valid'
import { EngineError } from '#sdk'
import { nameHint } from '../nearest.ts'
import { ENGINE_VERSION } from '../version.ts'
import type { Definition } from './definition.ts'

const libraries: Readonly<Record<string, string>> = { tfjs: version_core, engine: ENGINE_VERSION }

export interface Match {
  /** Plugins that must come up before it. */
  readonly plugins: Definition[]
  readonly problem?: EngineError
}

/** Whether a plugin promises a capability; `kind:x` is promised by any `x/…`, and by `x`, the kind's default. */
export function promises({ manifest }: Definition, requirement: string): boolean {
  const kind = requirement.startsWith('kind:') ? requirement.slice(5) : undefined
  return manifest.provides.some((capability) =>
    kind === undefined
      ? capability === requirement
      : capability === kind || capability.startsWith(`${kind}/`),
  )
}

const fits = (version: string, range: string): boolean =>
  satisfies(version, range, { includePrerelease: true })

/**
 * Finds what satisfies one requirement of a plugin. `isWanted` tells which plugins come up anyway: they
 * are preferred to others.
 */
export function match(
  by: Definition,
  requirement: string,
  range: string,
  definitions: ReadonlyMap<string, Definition>,
  isWanted: (name: string) => boolean,
): Match {
  const refuse = (message: string, hint: string): Match => ({
    plugins: [],
    problem: new EngineError({
      code: 'plugin.requirement',
      plugin: by.name,
      stage: 'validate',
      message: `${by.name} requires ${requirement} ${range}, ${message}`,
      source: by.source,
      hint,
    }),
  })
  if (validRange(range) === null) {
    return refuse('which is no version range', 'write a range such as "*", "^1.2" or ">=4.20"')
  }
  if (Object.hasOwn(libraries, requirement)) {
    const version = libraries[requirement]!
    return fits(version, range)
      ? { plugins: [] }
      : refuse(
          `but it is version ${version} here`,
          'widen the range, or use another version of the plugin',
        )
  }
  const isPlugin = requirement.startsWith('plugin:')
  const candidates = [...definitions.values()].filter((definition) =>
    isPlugin ? definition.name === requirement.slice(7) : promises(definition, requirement),
  )
  const enabled = candidates.filter(({ isEnabled }) => isEnabled !== false)
  const fitting = enabled.filter(({ manifest }) => fits(manifest.version, range))
  if (fitting.length > 0) return { plugins: choose(fitting, requirement, isWanted) }
  if (enabled.length > 0) {
    const found = enabled.map(({ name, manifest }) => `${name} ${manifest.version}`).join(', ')
    return refuse(`but there is ${found}`, 'widen the range, or use another version')
  }
  if (candidates.length > 0) {
    const names = candidates.map(({ name }) => name).join(', ')
    return refuse(`but ${names} is disabled`, `enable ${names} under plugins.use`)
  }
  const known = isPlugin
    ? [...definitions.keys()].map((name) => `plugin:${name}`)
    : [
        ...Object.keys(libraries),
        ...[...definitions.values()].flatMap(({ manifest }) => manifest.provides),
      ]
  return refuse('which is not there', nameHint(requirement, known))
}

/** One plugin per capability; for a kind all that come up anyway, and the one with the kind's default. */
function choose(
  fitting: Definition[],
  requirement: string,
  isWanted: (name: string) => boolean,
): Definition[] {
  const wanted = fitting.filter(({ name }) => isWanted(name))
  if (!requirement.startsWith('kind:')) return [wanted[0] ?? fitting[0]!]
  const byDefault = fitting.find(({ manifest }) => manifest.provides.includes(requirement.slice(5)))
  const chosen = new Set([...(byDefault ? [byDefault] : []), ...wanted])
  return chosen.size > 0 ? [...chosen] : [fitting[0]!]
}
