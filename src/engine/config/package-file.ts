// packages/<name>/package.json: which files of a package are plugins.
import { type EngineError, z } from '#sdk'
import { parseConfig } from './project.ts'
import { type Locate, parseYaml } from './yaml.ts'

const entry = z
  .string()
  .regex(/^\.\/[\w./-]+\.ts$/, 'an entry is a file of the package: `./index.ts`')

const entries = z
  .union([entry, z.array(entry)])
  .describe('the files whose default exports are plugins')

const packageSchema = z.looseObject({
  // What else stands beside `entries` tells people of the plugins: their manifests are in their code.
  plugboard: z.union([entries, z.looseObject({ entries })]).optional(),
})

export interface PackageFile {
  /** Its plugins' files, relative to the package, with their places in the value. */
  readonly entries: readonly { entry: string; path: readonly PropertyKey[] }[]
  readonly locate: Locate
}

export function parsePackageFile(
  path: string,
  text: string,
): { file?: PackageFile; problems: readonly EngineError[] } {
  // JSON is YAML.
  const { value, problems, locate } = parseYaml(text, path)
  if (problems.length > 0) return { problems }
  const parsed = parseConfig(packageSchema, value, { subject: path, path: [], locate })
  if (parsed.problems) return { problems: parsed.problems }
  const { plugboard = [] } = parsed.value
  const isNested = typeof plugboard === 'object' && !Array.isArray(plugboard)
  const named = isNested ? plugboard.entries : plugboard
  const at = isNested ? ['plugboard', 'entries'] : ['plugboard']
  const found = Array.isArray(named)
    ? named.map((each, i) => ({ entry: each, path: [...at, i] }))
    : [{ entry: named, path: at }]
  return { file: { entries: found, locate }, problems: [] }
}
