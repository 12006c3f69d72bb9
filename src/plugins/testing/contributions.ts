// What a plugin contributes, taken from it with the smallest context it can do with.
import {
  type Context,
  createRandom,
  type EnvOf,
  type InstanceOf,
  type KindName,
  type PanelContent,
  type PanelSpec,
  type PluginInstance,
  pluginSpec,
  z,
} from 'plugboard'

interface Contribution {
  create: (config: unknown, env: unknown) => unknown
  schema: z.ZodType
}

/** A plugin that was initialized alone, and what came of it. */
export interface Initialized<P> {
  plugin: P
  create<K extends KindName>(kind: K, name: string, config: unknown, env: EnvOf<K>): InstanceOf<K>
  /** Panels in order. */
  panels: PanelSpec[]
  /** What panels were asked to show, in order. */
  shown: PanelContent[]
  logs: string[]
  /** Events it emitted, in order. */
  events: { type: string; data: unknown }[]
}

/** Constructs `Plugin` with `config` parsed by its own schema and runs `initialize`. */
export async function initialize<P extends PluginInstance>(
  Plugin: new (init: never) => P,
  config: unknown = {},
): Promise<Initialized<P>> {
  const schema = pluginSpec(Plugin)?.config ?? z.strictObject({})
  const contributions = new Map<string, Contribution>()
  const result = {
    panels: [] as PanelSpec[],
    shown: [] as PanelContent[],
    logs: [] as string[],
    events: [] as { type: string; data: unknown }[],
  }
  const log = (message: string) => void result.logs.push(message)
  const ctx = {
    log: { debug: log, info: log, warn: log, error: log },
    events: { emit: (type: string, data: unknown) => void result.events.push({ type, data }) },
    random: createRandom(1),
    signal: new AbortController().signal,
    provide(
      kind: string,
      name: string,
      create: Contribution['create'],
      options?: { config?: z.ZodType },
    ) {
      contributions.set(`${kind}/${name}`, {
        create,
        schema: options?.config ?? z.strictObject({}),
      })
    },
    panel(spec: PanelSpec) {
      result.panels.push(spec)
      return { show: (content: PanelContent) => void result.shown.push(content) }
    },
  }
  const init = { ctx: ctx as unknown as Context, config: schema.parse(config), services: {} }
  const plugin = new Plugin(init as never)
  await plugin.initialize?.(init.ctx)
  return {
    ...result,
    plugin,
    create: (kind, name, options, env) => {
      const contribution = contributions.get(`${kind}/${name}`)
      if (!contribution)
        throw new Error(`no ${kind}/${name} among ${[...contributions.keys()].join(', ')}`)
      return contribution.create(contribution.schema.parse(options), env) as never
    },
  }
}
