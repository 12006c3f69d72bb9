// Events of a plugin's own: copied, of types that the engine leaves to plugins, counted.
import { eventSchemas, MAX_NAME } from '#protocol'
import { EngineError } from '#sdk'
import type { EventBus } from '../events/event-bus.ts'
import { plainCopy } from '../plain.ts'
import type { Registrations } from './registrations.ts'

/** Most types of events of a plugin that are told apart. */
const MAX_TYPES = 100

export class EmittedEvents {
  /** How many, by type. */
  readonly counts = new Map<string, number>()
  readonly #bus: Pick<EventBus, 'publish'>
  readonly #plugin: string
  readonly #registrations: Pick<Registrations, 'checkAlive'>

  constructor(
    bus: Pick<EventBus, 'publish'>,
    plugin: string,
    registrations: Pick<Registrations, 'checkAlive'>,
  ) {
    this.#bus = bus
    this.#plugin = plugin
    this.#registrations = registrations
  }

  /** Throws for a type of the engine's own, and for data that is not plain. */
  emit(type: string, data: unknown): void {
    this.#registrations.checkAlive('emit an event')
    const plugin = this.#plugin
    if (Object.hasOwn(eventSchemas, type)) {
      throw new EngineError({
        code: 'plugin.threw',
        plugin,
        message: `${plugin} emits \`${type}\`, but only the engine emits events of this type`,
        hint: `choose a type of your own, such as \`${plugin}.${type.split('.').at(-1)}\``,
      })
    }
    const short = type.slice(0, MAX_NAME)
    this.#bus.publish(short, this.#copied(type, data), plugin)
    if (this.counts.size < MAX_TYPES || this.counts.has(short))
      this.counts.set(short, (this.counts.get(short) ?? 0) + 1)
  }

  /** A copy: what is emitted is a record, and cannot be changed afterwards. */
  #copied(type: string, data: unknown): unknown {
    try {
      return plainCopy(data)
    } catch (thrown) {
      const plugin = this.#plugin
      throw new EngineError({
        code: 'plugin.threw',
        plugin,
        message: `${plugin} emits \`${type}\` with data that is not plain: ${String(thrown)}`,
        hint: 'emit plain data: numbers, text, lists, objects and typed arrays',
        cause: thrown,
      })
    }
  }
}
