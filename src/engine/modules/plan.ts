// A set of compiled modules checked as a whole: missing files and names, cycles.
import type { CompiledModule } from '#protocol'
import { EngineError } from '#sdk'
import { nameHint } from '../nearest.ts'
import { type ImportRequest, type ParsedModule, parseModule } from './parse.ts'

/** Tests, and what is there for them only; packages bring theirs. */
export const isTestPath = (path: string): boolean => /^(?:packages\/[^/]+\/)?tests\//.test(path)

/** A checked set of modules. Only modules without problems below them can be loaded. */
export interface ModulePlan {
  readonly problems: readonly EngineError[]
  /** Paths of all files that could be parsed. */
  readonly files: readonly string[]
  /** Equal for equal code, its own and of all it imports. Throws for a path that cannot be loaded. */
  hashOf(path: string): string
  /** Throws for a file that is missing, or has a syntax error. */
  parsed(path: string): ParsedModule
  isParsed(path: string): boolean
  /** Workspace files that `path` imports, directly or not. */
  importsOf(path: string): ReadonlySet<string>
  /** Workspace file that a relative import leads to. */
  resolve(from: string, specifier: string): string | undefined
  canLoad(path: string): boolean
}

/** Path that `specifier` names seen from the file `from`, or `undefined` when it leaves the workspace. */
function joinPath(from: string, specifier: string): string | undefined {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined
      parts.pop()
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

const isRelative = (specifier: string): boolean =>
  specifier.startsWith('./') || specifier.startsWith('../')

class Plan implements ModulePlan {
  readonly problems: EngineError[] = []
  readonly #modules = new Map<string, ParsedModule>()
  readonly #broken = new Set<string>()
  readonly #closures = new Map<string, Set<string>>()
  readonly #hashes = new Map<string, string>()
  readonly #shims: Record<string, object>
  readonly #intern: (text: string) => string

  constructor(
    modules: readonly CompiledModule[],
    shims: Record<string, object>,
    intern: (text: string) => string,
  ) {
    this.#shims = shims
    this.#intern = intern
    for (const module of modules) {
      try {
        this.#modules.set(module.path, parseModule(module))
      } catch (thrown) {
        this.#broken.add(module.path)
        this.problems.push(thrown as EngineError)
      }
    }
    for (const parsed of this.#modules.values()) this.#checkImports(parsed)
    this.#checkCycles()
  }

  get files(): string[] {
    return [...this.#modules.keys()]
  }

  resolve(from: string, specifier: string): string | undefined {
    const target = joinPath(from, specifier)
    if (target === undefined) return undefined
    const bare = target.replace(/\.[jt]s$/, '')
    return [`${bare}.ts`, `${bare}/index.ts`].find(
      (path) => this.#modules.has(path) || this.#broken.has(path),
    )
  }

  isParsed(path: string): boolean {
    return this.#modules.has(path)
  }

  parsed(path: string): ParsedModule {
    const found = this.#modules.get(path)
    if (!found)
      throw new EngineError({
        code: 'module.missing',
        message: `there is no module ${path} in the workspace`,
      })
    return found
  }

  importsOf(path: string): ReadonlySet<string> {
    const known = this.#closures.get(path)
    if (known) return known
    const closure = new Set<string>()
    const open = [path]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const { specifier } of this.#modules.get(at)?.imports ?? []) {
        const target = isRelative(specifier) ? this.resolve(at, specifier) : undefined
        if (target === undefined || closure.has(target)) continue
        closure.add(target)
        open.push(target)
      }
    }
    this.#closures.set(path, closure)
    return closure
  }

  canLoad(path: string): boolean {
    return (
      this.#modules.has(path) &&
      ![path, ...this.importsOf(path)].some((file) => this.#broken.has(file))
    )
  }

  hashOf(path: string): string {
    const known = this.#hashes.get(path)
    if (known !== undefined) return known
    // Members of a circle cannot be loaded; the mark only ends the recursion.
    this.#hashes.set(path, '')
    const dependencies = this.parsed(path).imports.map(({ specifier }) => {
      const target = isRelative(specifier) ? this.resolve(path, specifier) : undefined
      return target === undefined ? specifier : this.hashOf(target)
    })
    const hash = this.#intern([path, ...dependencies, this.parsed(path).module.code].join('\n'))
    this.#hashes.set(path, hash)
    return hash
  }

  #refuse(path: string, problem: EngineError): void {
    this.#broken.add(path)
    this.problems.push(problem)
  }

  #checkImports(parsed: ParsedModule): void {
    for (const request of parsed.imports) {
      const { specifier } = request
      if (isRelative(specifier)) this.#checkRelative(parsed, request)
      else if (Object.hasOwn(this.#shims, specifier)) {
        this.#checkNames(parsed, request, Object.keys(this.#shims[specifier]!), specifier)
      } else {
        this.#refuse(
          parsed.module.path,
          new EngineError({
            code: 'module.missing',
            message: `${parsed.module.path} imports \`${specifier}\`, which is not available`,
            source: request.location,
            hint: `plugins can import ${Object.keys(this.#shims).join(', ')} and files of the workspace ('./name.ts')`,
          }),
        )
      }
    }
  }

  #checkRelative(parsed: ParsedModule, request: ImportRequest): void {
    const target = this.resolve(parsed.module.path, request.specifier)
    if (target === undefined) {
      const written = (
        joinPath(parsed.module.path, request.specifier) ?? request.specifier
      ).replace(/\.js$/, '.ts')
      this.#refuse(
        parsed.module.path,
        new EngineError({
          code: 'module.missing',
          message: `${parsed.module.path} imports ${written}, which is not in the workspace`,
          source: request.location,
          hint: nameHint(
            written,
            [...this.#modules.keys(), ...this.#broken].filter(
              (path) => path !== parsed.module.path,
            ),
          ),
        }),
      )
    } else if (this.#modules.has(target)) {
      const names = this.#exportsOf(target, new Set())
      if (names) this.#checkNames(parsed, request, [...names], target)
    }
  }

  /** All names a module exports, or `undefined` when that cannot be known because a part is broken. */
  #exportsOf(path: string, seen: Set<string>): Set<string> | undefined {
    const parsed = this.#modules.get(path)
    if (!parsed || seen.has(path)) return parsed && new Set()
    seen.add(path)
    const names = new Set(parsed.exports)
    for (const specifier of parsed.exportsAllOf) {
      const target = isRelative(specifier) ? this.resolve(path, specifier) : undefined
      const more =
        target === undefined
          ? Object.keys(this.#shims[specifier] ?? {})
          : this.#exportsOf(target, seen)
      if (!more) return undefined
      for (const name of more) if (name !== 'default') names.add(name)
    }
    return names
  }

  #checkNames(
    parsed: ParsedModule,
    request: ImportRequest,
    exported: string[],
    from: string,
  ): void {
    for (const { name, location } of request.names) {
      if (exported.includes(name)) continue
      const hint = nameHint(name, exported)
      this.#refuse(
        parsed.module.path,
        new EngineError({
          code: 'module.missing',
          message: `${parsed.module.path} imports \`${name}\` from ${from}, which has no such export`,
          source: location,
          hint: `${hint} If \`${name}\` is a type, write \`import type { ${name} }\``,
        }),
      )
    }
  }

  #checkCycles(): void {
    const done = new Set<string>()
    const path: string[] = []
    const enter = (file: string): void => {
      if (done.has(file)) return
      const at = path.indexOf(file)
      if (at >= 0) {
        const cycle = path.slice(at)
        const request = this.#modules
          .get(path.at(-1)!)!
          .imports.find((i) => this.resolve(path.at(-1)!, i.specifier) === file)
        this.problems.push(
          new EngineError({
            code: 'module.cycle',
            message: `modules import each other in a circle: ${[...cycle, file].join(' → ')}`,
            source: request?.location,
            hint: 'move what both need into a file of its own; `import type` is no import and may go in circles',
          }),
        )
        for (const member of cycle) this.#broken.add(member)
        return
      }
      path.push(file)
      for (const { specifier } of this.#modules.get(file)?.imports ?? []) {
        const target = isRelative(specifier) ? this.resolve(file, specifier) : undefined
        if (target !== undefined) enter(target)
      }
      path.pop()
      done.add(file)
    }
    for (const file of this.#modules.keys()) enter(file)
  }
}

/** Checks `modules`. Pure: evaluates nothing. `intern` gives equal names to equal texts. */
export function planModules(
  modules: readonly CompiledModule[],
  shims: Record<string, object>,
  intern: (text: string) => string,
): ModulePlan {
  return new Plan(modules, shims, intern)
}
