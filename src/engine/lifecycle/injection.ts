// The services that a plugin declared: fields that throw until they are filled.
import { EngineError, type Injections, type ServiceKey, type Services } from '#sdk'

export class Injection {
  /** What the plugin has as `this.services`. */
  readonly services: Services<Injections>
  readonly #keys: Injections
  readonly #values = new Map<string, unknown>()

  constructor(plugin: string, keys: Injections) {
    this.#keys = keys
    this.services = {}
    for (const field of Object.keys(keys)) {
      const get = (): unknown => {
        if (this.#values.has(field)) return this.#values.get(field)
        throw unfilled(plugin, field)
      }
      Object.defineProperty(this.services, field, { enumerable: true, get })
    }
  }

  fill(resolve: (key: ServiceKey<unknown>) => unknown): void {
    for (const [field, key] of Object.entries(this.#keys)) this.#values.set(field, resolve(key))
  }
}

function unfilled(plugin: string, field: string): EngineError {
  return new EngineError({
    code: 'service.missing',
    plugin,
    message: `${plugin} reads services.${field} before it is initialized`,
    hint: 'services are there in validate, initialize and later, not in the constructor',
  })
}
