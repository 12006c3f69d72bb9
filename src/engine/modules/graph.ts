// Evaluates user modules, each version once, and leads errors thrown in them back to the source.
import type { CompiledModule } from '#protocol'
import {
  EngineError,
  type ErrorCode,
  errorInfo,
  isEngineError,
  type SourceLocation,
  type StackFrame,
} from '#sdk'
import { placeOfName } from './members.ts'
import { SourceMapper } from './parse.ts'
import { isTestPath, type ModulePlan, planModules } from './plan.ts'
import { tfjsHint } from './tfjs-hints.ts'
import { applyEdits, type Edit, type EditedCode } from './visible/edits.ts'
import { makeVisible } from './visible/make-visible.ts'
import { defaultOf, type Reader, scopeOf, sight } from './visible/sight.ts'

/** How modules become running code; differs between browser and Node. */
export interface ModuleHost {
  /** A URL that `import` understands, for the text of an ES module. */
  urlOf(code: string): string
  revoke(url: string): void
  import(url: string): Promise<Record<string, unknown>>
}

/** What a module keeps outside of objects. */
export interface ModuleState {
  readonly file: string
  /** Names its version: what its functions are known to be of. */
  readonly key: string
  readonly variables: readonly Reader[]
  /** Its default export, where that has no name. */
  readonly exported: unknown
  /** Where it uses what leaves no way to see its state, such as `eval`. */
  readonly opaque: readonly { name: string; location: SourceLocation }[]
  /** It, and what it imports. */
  withImports(): readonly ModuleState[]
  /** Where it writes a variable or a member. */
  placeOf(name: string): SourceLocation | undefined
}

/** Where a thrown value came from. */
export interface Blame {
  code: ErrorCode
  plugin?: string | undefined
  stage?: string | undefined
  hook?: string | undefined
}

/** Versions of each file kept, so that stacks of older ones can still be read. */
const KEPT = 100
/** Frames and causes of causes that are led back; the rest of an endless chain tells nothing new. */
const MAX_FRAMES = 50
const MAX_CAUSES = 10
const FRAME = /\b([a-z]+:[^\s()@]+):(\d+):(\d+)/
/** Lines of a message are passed over: FRAME takes quadratic time on a long one. */
const IS_FRAME = /^\s+at |@/
/** Lines of stacks whose place is kept. */
const KEPT_LINES = 1000
/** Frames of a stack that are looked at for user code that calls into the engine: some are the engine's own, or of tfjs. */
const NEAR = 24
const NAME = /^\s*at (?:async )?(?:new )?([^\s(]+) \(|^\s*([^@\s]+)@/

/** What V8 alone has: each frame that is left out saves time. */
type Stacks = { stackTraceLimit?: number; captureStackTrace?(holder: object, below: unknown): void }

/** The stack below `below` as it is now: the nearest frames of it, or all where that cannot be chosen. */
function stackBelow(below: unknown): string {
  const errors = Error as Stacks
  const { stackTraceLimit: limit, captureStackTrace } = errors
  if (limit === undefined || !captureStackTrace) return new Error().stack ?? ''
  const holder: { stack?: string } = {}
  errors.stackTraceLimit = NEAR
  captureStackTrace(holder, below)
  errors.stackTraceLimit = limit
  return holder.stack ?? ''
}

/** Counts versions of all graphs: what one has evaluated, another evaluates anew. */
let lastVersion = 0

export class ModuleGraph {
  readonly #host: ModuleHost
  readonly #shims: Record<string, object>
  readonly #shimUrls = new Map<string, string>()
  readonly #hashes = new Map<string, string>()
  /** By hash; a failed evaluation is forgotten, so that it can be tried again. */
  readonly #loaded = new Map<
    string,
    { url: string; name: string; namespace: Promise<Record<string, unknown>> | undefined }
  >()
  /** Uses of what no rewriting sees through, by hash. */
  readonly #opaque = new Map<string, ModuleState['opaque']>()
  /** By every name a stack may give a version: its source URL and, where a browser ignores that, its own. */
  readonly #versions = new Map<
    string,
    { module: CompiledModule; columnBefore: EditedCode['columnBefore']; mapper?: SourceMapper }
  >()
  /** Those names by file, oldest first. */
  readonly #names = new Map<string, string[]>()
  /** Lines of stacks with their places; null for those that are no user code. */
  readonly #lines = new Map<string, StackFrame | null>()

  /** `shims` are the modules that plugins import by bare name, as live namespace objects. */
  constructor(host: ModuleHost, shims: Record<string, object>) {
    this.#host = host
    this.#shims = shims
  }

  plan(modules: readonly CompiledModule[]): ModulePlan {
    return planModules(modules, this.#shims, (text) => {
      const known = this.#hashes.get(text)
      if (known !== undefined) return known
      const hash = `m${this.#hashes.size + 1}`
      this.#hashes.set(text, hash)
      return hash
    })
  }

  /** Whether `path` was evaluated, by itself or because another imports it. */
  isEvaluated(plan: ModulePlan, path: string): boolean {
    return this.#loaded.has(plan.hashOf(path))
  }

  /** Evaluates `path` and what it imports. Throws an `EngineError` at the user's line. */
  async load(plan: ModulePlan, path: string): Promise<Record<string, unknown>> {
    const hash = plan.hashOf(path)
    this.#urlOf(plan, path)
    const entry = this.#loaded.get(hash)!
    try {
      entry.namespace ??= this.#host.import(entry.url)
      return await entry.namespace
    } catch (thrown) {
      for (const file of [path, ...plan.importsOf(path)])
        await this.#forgetFailed(plan.hashOf(file))
      throw this.locate(thrown, { code: 'plugin.threw', stage: 'load' })
    }
  }

  /** Keeps modules that other plugins share with a failed one. Importing again gives what came the first time. */
  async #forgetFailed(hash: string): Promise<void> {
    const entry = this.#loaded.get(hash)
    if (!entry) return
    try {
      await this.#host.import(entry.url)
    } catch {
      this.#host.revoke(entry.url)
      this.#loaded.delete(hash)
    }
  }

  #urlOf(plan: ModulePlan, path: string): string {
    const hash = plan.hashOf(path)
    const known = this.#loaded.get(hash)
    if (known) return known.url
    const parsed = plan.parsed(path)
    const { module, imports } = parsed
    const name = `plugboard:///${encodeURI(path)}?v${++lastVersion}`
    const edits = imports.map(({ specifier, start, end }): Edit => {
      const target = plan.resolve(path, specifier)
      const url = Object.hasOwn(this.#shims, specifier)
        ? this.#shimUrl(specifier, this.#shims[specifier]!)
        : this.#urlOf(plan, target!)
      return { start, end, text: JSON.stringify(url) }
    })
    let footer = ''
    // What tests keep no step depends on.
    if (!isTestPath(path)) {
      const visible = makeVisible(parsed, this.#shimUrl('plugboard:sight', sight), name)
      edits.push(...visible.edits)
      footer = visible.footer
      this.#opaque.set(
        hash,
        visible.opaque.map((node) => ({ name: node.name, location: parsed.locationOf(node) })),
      )
    }
    const { code, columnBefore } = applyEdits(module.code, edits)
    // What a compiler says of source maps is not ours: the last line of this kind counts.
    const text = code.replace(/^\/\/# sourceMappingURL=.*$/m, '')
    const url = this.#host.urlOf(`${text}\n${footer}\n//# sourceURL=${name}`)
    this.#keep(module, columnBefore, [name, url])
    this.#loaded.set(hash, { url, name, namespace: undefined })
    return url
  }

  /** What the code of `path` and of what it imports can see of module variables; once it is evaluated. */
  stateOf(plan: ModulePlan, path: string): ModuleState[] {
    return [path, ...plan.importsOf(path)].flatMap((file) => {
      const hash = plan.hashOf(file)
      const loaded = this.#loaded.get(hash)
      if (!loaded) return []
      const { name } = loaded
      return [
        {
          file,
          key: name,
          variables: scopeOf(name),
          exported: defaultOf(name),
          opaque: this.#opaque.get(hash) ?? [],
          withImports: () => this.stateOf(plan, file),
          placeOf: (each) => placeOfName(plan.parsed(file), each),
        },
      ]
    })
  }

  #keep(
    module: CompiledModule,
    columnBefore: EditedCode['columnBefore'],
    names: readonly string[],
  ): void {
    const version = { module, columnBefore }
    const kept = this.#names.get(module.path) ?? []
    for (const name of names) this.#versions.set(name, version)
    kept.push(...names)
    for (const name of kept.splice(0, kept.length - KEPT * names.length))
      this.#versions.delete(name)
    this.#names.set(module.path, kept)
  }

  /** A module that re-exports the live object, so that `instanceof` and state are shared with the engine. */
  #shimUrl(specifier: string, live: object): string {
    const known = this.#shimUrls.get(specifier)
    if (known !== undefined) return known
    const key = `plugboard.shim:${specifier}`
    Object.defineProperty(globalThis, Symbol.for(key), {
      value: live,
      configurable: true,
    })
    const names = Object.keys(live)
    const lines = names.map(
      (name, i) => `const v${i} = live[${JSON.stringify(name)}]; export { v${i} as ${name} }`,
    )
    const url = this.#host.urlOf(
      `const live = globalThis[Symbol.for(${JSON.stringify(key)})]\n${lines.join('\n')}`,
    )
    this.#shimUrls.set(specifier, url)
    return url
  }

  /** Lets go of the texts of all modules; those that are evaluated go on. */
  dispose(): void {
    const urls = [...this.#loaded.values()].map(({ url }) => url)
    for (const url of [...urls, ...this.#shimUrls.values()]) this.#host.revoke(url)
    this.#loaded.clear()
    this.#shimUrls.clear()
  }

  /** Frames of a stack that lie in user code, innermost first. */
  #frames(stack: string | undefined): StackFrame[] {
    const frames: StackFrame[] = []
    for (const line of stack?.split('\n') ?? []) {
      if (frames.length === MAX_FRAMES) break
      const frame = this.#frame(line)
      if (frame) frames.push(frame)
    }
    return frames
  }

  #frame(line: string): StackFrame | undefined {
    const match = IS_FRAME.test(line) ? FRAME.exec(line) : null
    const version = match && this.#versions.get(match[1]!)
    if (!version) return undefined
    version.mapper ??= new SourceMapper(version.module)
    const name = NAME.exec(line)
    const lineNumber = Number(match[2])
    const column = version.columnBefore(lineNumber, Number(match[3]) - 1)
    const location = version.mapper.locate(lineNumber, column)
    return { ...location, name: name?.[1] ?? name?.[2] ?? '(anonymous)' }
  }

  /** Places in user code that called, innermost first: those near. Costs 50 µs where they are known already. */
  callers(): SourceLocation[] {
    return this.placesIn(stackBelow(this.callers))
  }

  /** Places in user code that a stack names, innermost first. */
  placesIn(stack: string): SourceLocation[] {
    return stack.split('\n').flatMap((line) => {
      let frame = this.#lines.get(line)
      if (frame === undefined) {
        if (this.#lines.size === KEPT_LINES) this.#lines.clear()
        this.#lines.set(line, (frame = this.#frame(line) ?? null))
      }
      return frame ? { file: frame.file, line: frame.line, column: frame.column } : []
    })
  }

  /** The error for anything that user code threw: located, and with the blame filled in where it is missing. */
  locate(thrown: unknown, blame: Blame): EngineError {
    return this.#locate(thrown, blame, new Set())
  }

  /** `told` are the errors that this one is the cause of: causes may go in a circle. */
  #locate(thrown: unknown, blame: Blame, told: Set<unknown>): EngineError {
    if (isEngineError(thrown)) {
      thrown.plugin ??= blame.plugin
      thrown.stage ??= blame.stage
      thrown.hook ??= blame.hook
      thrown.frames ??= this.#frames(thrown.stack)
      thrown.source ??= thrown.frames[0]
      return thrown
    }
    told.add(thrown)
    const frames = thrown instanceof Error ? this.#frames(thrown.stack) : []
    const given = thrown instanceof Error ? thrown.cause : undefined
    const hasMore = given !== undefined && !told.has(given) && told.size <= MAX_CAUSES
    const cause = hasMore ? this.#locate(given, { code: blame.code }, told) : undefined
    const { message } = errorInfo(thrown)
    const hint = tfjsHint(thrown instanceof Error ? thrown.message : message)
    const error = new EngineError({ ...blame, message, hint, frames, cause })
    const first = frames[0]
    error.source = first && { file: first.file, line: first.line, column: first.column }
    // The author's own stack says more than the place where it was caught.
    if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
    return error
  }
}
