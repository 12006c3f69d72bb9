// What a plugin counts and times of itself.
import { MAX_NAME } from '#protocol'
import { EngineError, type MetricsCollector, type MetricSummary, noteRead } from '#sdk'

/** Most names that one plugin may take: each is kept and shown. */
const MAX_METRICS = 200

export class PluginMetrics implements MetricsCollector {
  readonly #plugin: string
  readonly #summaries = new Map<string, MetricSummary>()

  constructor(plugin: string) {
    this.#plugin = plugin
  }

  record(name: string, value: number): void {
    this.note(name, value, '')
  }

  timer(name: string): () => number {
    noteRead('reads the clock')
    const startedMs = performance.now()
    let durationMs: number | undefined
    return () => {
      if (durationMs === undefined) {
        durationMs = performance.now() - startedMs
        this.note(name, durationMs, 'ms')
      }
      return durationMs
    }
  }

  note(name: string, value: number, unit: MetricSummary['unit']): void {
    noteRead(`records the metric ${name}`)
    const known = this.#summaries.get(name)
    const isName = typeof name === 'string' && name !== '' && name.length <= MAX_NAME
    const isFull = known === undefined && this.#summaries.size >= MAX_METRICS
    if (!isName || !Number.isFinite(value) || isFull || (known && known.unit !== unit)) {
      throw new EngineError({
        code: 'plugin.threw',
        plugin: this.#plugin,
        message: `${this.#plugin} notes ${String(value)} as \`${String(name).slice(0, MAX_NAME)}\`, which is no finite number under a name of its own`,
        hint: `names have up to ${MAX_NAME} characters, a plugin up to ${MAX_METRICS} of them, and a timer's name is no value's`,
      })
    }
    const { count, total, min, max } = known ?? { count: 0, total: 0, min: value, max: value }
    this.#summaries.set(name, {
      name,
      unit,
      count: count + 1,
      total: total + value,
      min: Math.min(min, value),
      max: Math.max(max, value),
    })
  }

  summaries(): readonly MetricSummary[] {
    return [...this.#summaries.values()]
  }
}
