// What the page is told of a project: every plugin with its state and counters, and all problems.
import type { PluginInfo, ProjectReport } from '#protocol'
import { type ErrorInfo, errorInfo } from '#sdk'
import type { Core, Lifecycle, PluginUnit } from './lifecycle/index.ts'

/** Most problems that the page takes. */
const MAX_PROBLEMS = 1000

export function reportOf(
  { registry, services }: Core,
  lifecycle: Lifecycle,
  problems: Iterable<unknown>,
): ProjectReport {
  const plugins = [...lifecycle.units.values()].map((unit): PluginInfo => {
    const { definition, name, state, failure, registrations } = unit
    const { manifest, origin, file, replacesBuiltin } = definition
    const failed = state === 'failed' ? failure : undefined
    return {
      manifest,
      origin,
      file,
      replacesBuiltin,
      isEnabled: isEnabled(lifecycle, unit),
      state,
      cause: failed?.cause,
      error: failed && errorInfo(failed.error),
      dependencies: [...lifecycle.requirements(name)],
      hooks: registrations.handlers.map(({ hook, label, priority, calls, failures, totalMs }) => ({
        hook,
        label,
        priority,
        calls,
        failures,
        totalMs,
      })),
      contributions: registry.list().filter(({ plugin }) => plugin === name),
      services: services.of(name),
      metrics: [...unit.metrics],
      totalMs: unit.totalMs,
      configSchema: unit.configSchema,
    }
  })
  const all = [...new Set([...problems, ...failuresOf(lifecycle)])]
  return {
    plugins,
    problems: all.slice(0, MAX_PROBLEMS).map((problem): ErrorInfo => errorInfo(problem)),
  }
}

const isEnabled = ({ project }: Lifecycle, { name, definition }: PluginUnit): boolean =>
  definition.isEnabled !== false && project.resolution.order.includes(name)

/** Problems that kept plugins from coming up, besides those of requirements, which are the project's. */
function failuresOf({ units }: Lifecycle): unknown[] {
  return [...units.values()].flatMap(({ state, failure }) =>
    state === 'failed' && failure && (failure.cause === 'threw' || failure.cause === 'timeout')
      ? failure.problems
      : [],
  )
}
