// What the page is told of a project: every plugin with its state and counters, and all problems.
import { MAX_NAME, MAX_TEXT, type PluginInfo, type ProjectReport } from '#protocol'
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
      config: configText(unit.config),
      isPinned: lifecycle.isPinned(name),
      hooks: registrations.handlers.map((handler) => ({
        hook: handler.hook,
        label: handler.label,
        priority: handler.priority,
        calls: handler.calls,
        failures: handler.failures,
        totalMs: handler.totalMs,
        maxMs: handler.maxMs,
        condition: handler.when?.label.slice(0, MAX_NAME),
        isWrapper: handler.isWrapper,
      })),
      stages: [...unit.stages],
      uses: [...unit.uses],
      emits: [...unit.emits].map(([type, count]) => ({ type, count })),
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

/** Settings as JSON; parsed ones may hold anything, which is named where it has no text. */
function configText(config: unknown): string | undefined {
  if (config === undefined) return undefined
  try {
    const text = JSON.stringify(config, (_key, value: unknown) => shown(value), 2)
    return text.slice(0, MAX_TEXT)
  } catch (thrown) {
    return `cannot be shown: ${String(thrown)}`.slice(0, MAX_TEXT)
  }
}

function shown(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `function ${value.name}`
  if (value instanceof Map || value instanceof Set) return [...value]
  return value
}

/** Problems that kept plugins from coming up, besides those of requirements, which are the project's. */
function failuresOf({ units }: Lifecycle): unknown[] {
  return [...units.values()].flatMap(({ state, failure }) =>
    state === 'failed' && failure && (failure.cause === 'threw' || failure.cause === 'timeout')
      ? failure.problems
      : [],
  )
}
