// Idea: hooks around what the engine does with plugins: activating, running a method, deactivating.
import { Clock, type HookArgs, type PanelHandle, plugin, z } from 'plugboard'

export default class Stopwatch extends plugin({
  manifest: {
    name: 'stopwatch',
    version: '1.0.0',
    category: 'callback',
    description: 'Takes the time of plugins that start, stop and run a method',
    // Further outside than wrappers of other plugins: their time counts as well.
    priority: 100,
  },
  config: z.strictObject({
    slow_ms: z.number().positive().default(100).describe('from here on it warns'),
    refuse: z.array(z.string()).default([]).describe('plugins that must not start'),
  }),
  inject: { clock: Clock },
}) {
  #panel: PanelHandle | undefined
  readonly #rows: (string | number)[][] = []

  initialize() {
    this.#panel = this.ctx.panel({ id: 'stopwatch', title: 'Stopwatch', type: 'table' })
  }

  // Code before `next` comes before the work, code after it afterwards; a throw before it refuses the work.
  onPluginStart({ plugin }: HookArgs<'onPluginStart'>, next: () => Promise<void>) {
    if (this.config.refuse.includes(plugin))
      throw new Error(`${plugin} must not start: stopwatch has it in \`refuse\``)
    return this.#time('start', plugin, next)
  }

  onPluginCall({ plugin, method }: HookArgs<'onPluginCall'>, next: () => Promise<unknown>) {
    return this.#time(`call ${method}`, plugin, next)
  }

  onPluginStop({ plugin }: HookArgs<'onPluginStop'>, next: () => Promise<void>) {
    return this.#time('stop', plugin, next)
  }

  async #time<T>(what: string, name: string, next: () => Promise<T>): Promise<T> {
    const { clock } = this.services
    const startedMs = clock.now()
    try {
      return await next()
    } finally {
      const durationMs = Number((clock.now() - startedMs).toFixed(1))
      this.#rows.push([what, name, durationMs])
      this.#panel?.show({ columns: ['what', 'plugin', 'ms'], rows: this.#rows.slice(-50) })
      if (durationMs >= this.config.slow_ms)
        this.ctx.log.warn(`${what} of ${name} took ${durationMs} ms`)
    }
  }
}
