// Kinds and contributions by name, each with its owner. Clashes are refused, never resolved by order.
import { MAX_NAME } from '#protocol'
import {
  builtinKinds,
  type ContributionInfo,
  EngineError,
  type KindContract,
  type KindName,
  type ProvideOptions,
  z,
} from '#sdk'
import { nameHint } from '../nearest.ts'
import type { Registration } from './registration.ts'

const NAME = /^[A-Za-z0-9][\w-]*(?:\.[A-Za-z0-9][\w-]*)*$/
const noConfig = z.strictObject({})

/** Who registers something. */
export interface Owner {
  readonly name: string
  readonly version: string
}

/** An implementation of a kind. */
export interface Contribution extends ContributionInfo {
  readonly kind: KindName
  readonly isOverride: boolean
  /** Names of its kind that must not be used beside it. */
  readonly excludes: readonly string[]
  readonly create: (config: unknown, env: unknown) => unknown
  readonly schema: z.ZodType
  readonly tokenizes: ((config: unknown) => readonly string[]) | undefined
}

interface Kind {
  readonly contract: KindContract
  readonly owner: string
}

export class Registry {
  readonly #kinds = new Map<string, Kind>()
  readonly #contributions = new Map<string, readonly Contribution[]>()

  constructor() {
    for (const [name, contract] of Object.entries(builtinKinds))
      this.#addKind(name, { contract, owner: 'the engine' })
  }

  #addKind(name: string, kind: Kind): void {
    const { owner } = kind
    const present = this.#kinds.get(name)
    if (present) {
      throw new EngineError({
        code: 'kind.duplicate',
        plugin: owner,
        message: `${owner} defines the kind \`${name}\`, which ${present.owner} has defined already`,
        hint: 'give it a name of its own, for example with the plugin as namespace',
      })
    }
    this.#kinds.set(name, kind)
  }

  /** A kind of a plugin's own. */
  kind({ name: owner }: Owner, name: string, contract: KindContract): Registration {
    const kind = { contract, owner }
    return {
      attach: () => this.#addKind(name, kind),
      // Once more when it is ended: by then, the plugin's next version may have defined it.
      detach: () => {
        if (this.#kinds.get(name) === kind) this.#kinds.delete(name)
      },
    }
  }

  isKind(name: string): boolean {
    return this.#kinds.has(name)
  }

  /** The contract of a kind. Throws `kind.unknown` with the nearest name. */
  contract(kind: string): KindContract {
    const found = this.#kinds.get(kind)
    if (found) return found.contract
    throw new EngineError({
      code: 'kind.unknown',
      message: `there is no kind \`${kind}\``,
      hint: nameHint(kind, [...this.#kinds.keys()]),
    })
  }

  /** A contribution, checked against the contract of its kind; its name is taken when it is attached. */
  contribution(
    owner: Owner,
    kind: KindName,
    name: string,
    create: (config: never, env: never) => unknown,
    options: ProvideOptions = {},
  ): Registration {
    this.contract(kind)
    const subject = `${owner.name} provides ${kind}/${String(name)}`
    const refuse = (problem: string, hint: string): EngineError =>
      new EngineError({
        code: 'contribution.contract',
        plugin: owner.name,
        message: `${subject}, ${problem}`,
        hint,
      })
    for (const given of [name, ...(options.aliases ?? []), ...(options.excludes ?? [])]) {
      if (typeof given !== 'string' || given.length > MAX_NAME || !NAME.test(given)) {
        throw refuse(
          `but \`${String(given)}\` is not a name`,
          'names have letters, digits, "_" or "-", and may be namespaced with dots',
        )
      }
    }
    if (typeof create !== 'function') {
      throw refuse(
        `but its create is ${typeof create}`,
        'pass a function (config, env) => instance',
      )
    }
    if (options.config !== undefined && !(options.config instanceof z.ZodType)) {
      throw refuse('but its config is no zod schema', 'make it with z.object({ … })')
    }
    const contribution: Contribution = {
      kind,
      name,
      plugin: owner.name,
      description: options.description ?? '',
      version: options.version ?? owner.version,
      isDefault: options.default ?? false,
      isOverride: options.override ?? false,
      excludes: options.excludes ?? [],
      aliases: options.aliases ?? [],
      create: create as Contribution['create'],
      schema: options.config ?? noConfig,
      tokenizes: options.tokenizes,
    }
    return { attach: () => this.#attach(contribution), detach: () => this.#detach(contribution) }
  }

  // A name has at most one owner, and one more that overrides it: so the order of arrival never matters.
  #attach(added: Contribution): void {
    const present = this.#contributions.get(added.kind) ?? []
    for (const other of present) {
      if (other.isOverride !== added.isOverride) continue
      const taken = namesOf(added).find((name) => namesOf(other).includes(name))
      if (taken !== undefined || (other.isDefault && added.isDefault))
        throw clash(added, other, taken)
    }
    this.#contributions.set(added.kind, [...present, added])
  }

  #detach(removed: Contribution): void {
    const rest = this.#contributions.get(removed.kind)?.filter((other) => other !== removed)
    this.#contributions.set(removed.kind, rest ?? [])
  }

  /** The contribution of a name or alias, or the default of the kind; `undefined` when there is none. */
  find(kind: string, name: string | undefined): Contribution | undefined {
    const fitting = (this.#contributions.get(kind) ?? []).filter((contribution) =>
      name === undefined ? contribution.isDefault : namesOf(contribution).includes(name),
    )
    return fitting.find(({ isOverride }) => isOverride) ?? fitting[0]
  }

  /** Names and aliases of a kind. */
  names(kind: string): string[] {
    return [...new Set((this.#contributions.get(kind) ?? []).flatMap(namesOf))]
  }

  /** Contributions of a kind, or all. Throws for an unknown kind. */
  list(kind?: string): ContributionInfo[] {
    if (kind !== undefined) this.contract(kind)
    const kinds = kind === undefined ? [...this.#contributions.keys()] : [kind]
    return kinds.flatMap((each) => this.#contributions.get(each) ?? []).map(infoOf)
  }
}

/** Its name and aliases. */
export const namesOf = ({ name, aliases }: Contribution): string[] => [name, ...aliases]

const infoOf = ({
  kind,
  name,
  plugin,
  description,
  version,
  isDefault,
  aliases,
}: Contribution): ContributionInfo => ({
  kind,
  name,
  plugin,
  description,
  version,
  isDefault,
  aliases: [...aliases],
})

function clash(added: Contribution, other: Contribution, taken: string | undefined): EngineError {
  const what = taken === undefined ? `a default ${added.kind}` : `${added.kind}/${taken}`
  const verb = added.isOverride ? 'overrides' : 'provides'
  return new EngineError({
    code: 'contribution.duplicate',
    plugin: added.plugin,
    message: `${added.plugin} ${verb} ${what}, which ${other.plugin} ${verb} already`,
    hint: added.isOverride
      ? 'only one plugin can override a name; disable one of the two'
      : taken === undefined
        ? 'take `default` out of one of the two, or set `override: true` in the one that shall win'
        : 'choose another name, or set `override: true` to take this one',
  })
}
