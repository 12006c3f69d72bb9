// What is known of a plugin before its code runs, and how it is found.
import type { TextFile } from '#protocol'
import {
  EngineError,
  type Manifest,
  manifestSchema,
  type PluginClass,
  pluginSpec,
  type SourceLocation,
  type z,
} from '#sdk'
import {
  type Locate,
  type PluginFile,
  type ProjectConfig,
  readManifests,
  saidTwice,
} from '../config/index.ts'
import {
  graphManifest,
  graphPlugin,
  capabilitiesIn,
  isGraphPath,
  parseGraph,
} from '../graph/index.ts'
import {
  type ModuleGraph,
  type ModulePlan,
  type ModuleState,
  placeOfMember,
} from '../modules/index.ts'
import { nameHint } from '../nearest.ts'
import { type Entry, findEntries } from './entries.ts'

export interface Definition {
  readonly name: string
  readonly manifest: Manifest
  readonly origin: 'builtin' | 'workspace'
  /** Source file of a workspace plugin. */
  readonly file?: string
  /** Where its manifest gives its name. */
  readonly source?: SourceLocation
  /** A workspace plugin that stands in for the built-in of its name. */
  readonly replacesBuiltin: boolean
  /** What `plugins.use` says; `undefined` when it is not named there. */
  readonly isEnabled: boolean | undefined
  /** Default priority of its hooks. */
  readonly priority: number
  /** Its settings as written. */
  readonly config: Record<string, unknown>
  /** Equal as long as code and settings are. */
  readonly fingerprint: string
  /** Schema of its settings, where it is known without running its code. */
  readonly schema?: z.ZodType | undefined
  /** Where its file writes a member of a class or an object, such as a method. */
  placeOf?(member: string): SourceLocation | undefined
  /** What its modules keep outside of objects; of a workspace plugin, once its code is evaluated. */
  moduleState?(): ModuleState[]
  /** Evaluates its code. */
  load(): Promise<PluginClass>
}

type Found = Pick<
  Definition,
  'manifest' | 'origin' | 'file' | 'source' | 'schema' | 'placeOf' | 'moduleState' | 'load'
> & {
  code: string
}

/** Most names that are told to be unknown: each is compared with all that there are. */
const MAX_UNKNOWN = 100

export interface Discovery {
  /** By name; those of the project file first, in its order. */
  readonly definitions: ReadonlyMap<string, Definition>
  readonly problems: EngineError[]
}

/** Finds the plugins of a project. Runs no plugin code. */
export function discover(
  builtins: readonly PluginClass[],
  modules: ModuleGraph,
  plan: ModulePlan,
  manifests: readonly TextFile[],
  { plugins: { use, folders }, logging, schedules }: ProjectConfig,
  locate: Locate,
): Discovery {
  const { entries, problems: ofEntries } = findEntries(plan, manifests, folders)
  const problems: EngineError[] = [...ofEntries]
  const known = new Map<string, Found>()
  for (const found of builtins.map(ofBuiltin)) {
    const present = known.get(found.manifest.name)
    if (present) problems.push(duplicate(found, present))
    else known.set(found.manifest.name, found)
  }
  const builtinNames = new Set(known.keys())
  for (const entry of entries) {
    const { plugins, problems: ofFile } = ofEntry(modules, plan, entry)
    problems.push(...ofFile)
    for (const found of plugins) {
      const present = known.get(found.manifest.name)
      if (present?.origin === 'workspace') problems.push(duplicate(found, present))
      else known.set(found.manifest.name, found)
    }
  }
  const graphs = manifests.filter(({ path }) => isGraphPath(path))
  const promised = new Set([...known.values()].flatMap(({ manifest }) => manifest.provides))
  for (const { path, text } of graphs) {
    const { plugin: found, problems: ofFile } = ofGraph(path, text, promised)
    problems.push(...ofFile)
    const present = found && known.get(found.manifest.name)
    if (present) problems.push(duplicate(found, present))
    else if (found) known.set(found.manifest.name, found)
  }
  const named = [
    ...Object.keys(use).map((name) => ['plugins', 'use', name]),
    ...Object.keys(schedules.plugins).map((name) => ['schedules', 'plugins', name]),
    ...Object.keys(logging.plugins).map((name) => ['logging', 'plugins', name]),
  ]
  const strangers = named.filter((path) => !known.has(path.at(-1)!))
  for (const path of strangers.slice(0, MAX_UNKNOWN))
    problems.push(unknown(path, [...known.keys()], locate))
  const workspace = [...known.values()].filter(({ origin }) => origin === 'workspace')
  const order = [
    ...Object.keys(use),
    ...workspace.map(({ manifest }) => manifest.name),
    ...known.keys(),
  ]
  const definitions = new Map<string, Definition>()
  for (const name of order) {
    const found = known.get(name)
    if (!found || definitions.has(name)) continue
    const { code, ...rest } = found
    const settings = Object.hasOwn(use, name) ? use[name] : undefined
    const priority = settings?.priority ?? found.manifest.priority
    const config = settings?.config ?? {}
    definitions.set(name, {
      ...rest,
      name,
      replacesBuiltin: found.origin === 'workspace' && builtinNames.has(name),
      isEnabled: settings?.enabled,
      priority,
      config,
      fingerprint: JSON.stringify([code, priority, config]),
    })
  }
  return { definitions, problems }
}

/** They never change, and all are read at each edit. */
const knownBuiltins = new WeakMap<PluginClass, Found>()

function ofBuiltin(plugin: PluginClass): Found {
  const known = knownBuiltins.get(plugin)
  if (known) return known
  const spec = pluginSpec(plugin)!
  const manifest = manifestSchema.parse(spec.manifest)
  const { config: schema } = spec
  const found: Found = {
    manifest,
    origin: 'builtin',
    code: '',
    schema,
    load: () => Promise.resolve(plugin),
  }
  knownBuiltins.set(plugin, found)
  return found
}

function ofEntry(
  modules: ModuleGraph,
  plan: ModulePlan,
  { path, file }: Entry,
): { plugins: Found[]; problems: EngineError[] } {
  const read = filesOf(plan, path).map((each) => readManifests(plan.parsed(each), file))
  const manifests = file
    ? [{ manifest: file.manifest, source: file.locate(['name']) }]
    : read.flatMap((each) => each.manifests)
  const problems = read.flatMap((each) => each.problems)
  const canLoad = plan.canLoad(path)
  const hash = canLoad ? plan.hashOf(path) : ''
  const plugins = manifests.map(({ manifest, source }): Found => {
    // Where its code is, which is what errors thrown there lead to.
    const code = file ? path : source.file
    return {
      manifest,
      origin: 'workspace',
      file: code,
      source,
      schema: file?.schema,
      code: file ? `${hash} ${file.content}` : hash,
      placeOf: (member) => placeOfMember(plan.parsed(code), member),
      moduleState: () => (canLoad ? modules.stateOf(plan, path) : []),
      load: async () => {
        if (!canLoad) throw brokenModule(plan, path)
        const namespace = await modules.load(plan, path)
        return file
          ? describedClass(namespace, path, file)
          : classOf(namespace, manifest.name, path)
      },
    }
  })
  if (plan.isParsed(path) && manifests.length === 0 && problems.length === 0)
    problems.push(noPlugin(path))
  return { plugins, problems }
}

/** A model graph is a plugin that stands on the plugins of its layers. */
function ofGraph(
  path: string,
  text: string,
  promised: ReadonlySet<string>,
): { plugin?: Found; problems: readonly EngineError[] } {
  const { file, problems } = parseGraph(path, text)
  if (!file) return { problems }
  const requires = capabilitiesIn(file).filter((capability) => promised.has(capability))
  const plugin: Found = {
    manifest: manifestSchema.parse(graphManifest(file, requires)),
    origin: 'workspace',
    file: path,
    source: { file: path, line: 1, column: 1 },
    code: text,
    load: () => Promise.resolve(graphPlugin(file, requires)),
  }
  return { plugin, problems: [] }
}

/** Where the plugins of an entry are: the file itself and, for the index of a folder, what it imports from there. */
function filesOf(plan: ModulePlan, path: string): string[] {
  if (!path.endsWith('/index.ts')) return [path]
  const folder = path.slice(0, -'index.ts'.length)
  const imported = [...plan.importsOf(path)].filter((file) => file.startsWith(folder))
  return [path, ...imported].filter((file) => plan.isParsed(file))
}

/** The problem that keeps a module from loading: its own, or that of a file it imports. */
function brokenModule(plan: ModulePlan, path: string): EngineError {
  const files = new Set([path, ...plan.importsOf(path)])
  return (
    plan.problems.find(({ source }) => source !== undefined && files.has(source.file)) ??
    noPlugin(path)
  )
}

/** The class of the plugin `name` among the default export of its module. */
function classOf(namespace: Record<string, unknown>, name: string, file: string): PluginClass {
  const found = [namespace['default']]
    .flat()
    .find((candidate) => pluginSpec(candidate)?.manifest?.name === name)
  if (found === undefined) throw noPlugin(file, name)
  return found as PluginClass
}

/** The class that a plugin.yaml describes: the default export, which says nothing of that again. */
function describedClass(
  namespace: Record<string, unknown>,
  path: string,
  file: PluginFile,
): PluginClass {
  const found = namespace['default']
  const spec = pluginSpec(found)
  if (!spec) throw noPlugin(path)
  if (spec.manifest) throw saidTwice('manifest', file, { file: path, line: 1, column: 1 })
  if (spec.config && file.schema) throw saidTwice('config', file, file.locate(['configuration']))
  return found as PluginClass
}

function noPlugin(file: string, name?: string): EngineError {
  return new EngineError({
    code: 'plugin.export',
    message:
      name === undefined
        ? `the default export of ${file} is no plugin`
        : `the plugin \`${name}\` of ${file} is not in its default export`,
    source: { file, line: 1, column: 1 },
    hint: 'write `export default class … extends plugin({ manifest: … })`, or move a library out of plugins/',
  })
}

function duplicate(found: Found, present: Found): EngineError {
  const where = ({ file }: Found): string => file ?? 'the built-ins'
  return new EngineError({
    code: 'plugin.duplicate',
    plugin: found.manifest.name,
    message: `two plugins are named \`${found.manifest.name}\`: one in ${where(present)}, one in ${where(found)}`,
    source: found.source,
    hint: 'rename one of them in its manifest',
  })
}

function unknown(path: readonly string[], known: readonly string[], locate: Locate): EngineError {
  const name = path.at(-1)!
  return new EngineError({
    code: 'plugin.unknown',
    message: `${path.slice(0, -1).join('.')} names \`${name}\`, but there is no such plugin`,
    source: locate(path),
    hint: nameHint(name, known),
  })
}
