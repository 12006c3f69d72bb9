// Services: those of plugins, and the core ones that every engine has.
export { ArtefactStore } from './artefacts.ts'
export { makeClock } from './clock.ts'
export { Logs } from './logs.ts'
export { PluginRandom } from './plugin-random.ts'
export { PluginMetrics } from './metrics.ts'
export { type Resolver, type ServiceReplacements, ServiceTable } from './service-table.ts'
