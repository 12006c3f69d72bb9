// The services of an engine, for classes that take some.
import { definePlugin, type Injections, type ServiceKey, type Undo, type Wirable } from '#sdk'
import type { EventLog } from './event-log.ts'
import { createTestEngine, type TestEngineOptions } from './test-engine.ts'

export interface TestContainer {
  /** Everything that happened in its engine. */
  readonly events: EventLog
  /** The service of `key`. Throws `service.missing`. */
  resolve<T>(key: ServiceKey<T>): T
  /** Builds a class with the services that its static `inject` names. */
  autoWire<T, I extends Injections>(target: Wirable<T, I>): T
  provide<T>(key: ServiceKey<T>, value: T | (() => T)): Undo
  /** Ends all services and plugins in it. */
  down(): Promise<void>
}

const NAME = 'test_container'
const Holder = definePlugin({
  manifest: { name: NAME, version: '1.0.0', category: 'test' },
  methods: {},
})

/**
 * The core services of an engine, those of `plugins`, all of which are brought up, and `services` in place of
 * any of them.
 */
export async function createTestContainer({
  plugins = [],
  ...options
}: TestEngineOptions = {}): Promise<TestContainer> {
  const engine = await createTestEngine({ ...options, plugins: [...plugins, Holder] })
  await engine.up()
  const { ctx } = engine.instance(NAME)
  return {
    events: engine.events,
    resolve: (key) => ctx.resolve(key),
    autoWire: (target) => ctx.autoWire(target),
    provide: (key, value) => ctx.provideService(key, value),
    down: () => engine.down(),
  }
}
