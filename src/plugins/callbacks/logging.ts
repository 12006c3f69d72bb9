// Logging: writes what a run does into a log that stays as an artefact, to open and to download.
import { Artefacts, Clock, type HookArgs, type Metrics, plugin, z } from 'plugboard'

const config = z.strictObject({
  log_file: z.string().min(1).default('training.log').describe('name of the artefact'),
  format: z
    .enum(['text', 'jsonl'])
    .default('text')
    .describe('lines to read, or one JSON object each'),
  every_steps: z.int().min(1).optional().describe('log the metrics of every so many steps as well'),
})

const round = (value: number): string => String(Number(value.toPrecision(5)))

export default class Logging extends plugin({
  manifest: {
    name: 'logging',
    version: '1.0.0',
    category: 'callback',
    description: 'Writes the course of a run into a log file',
    tags: ['training'],
  },
  config,
  inject: { artefacts: Artefacts, clock: Clock },
}) {
  onTrainBegin({ run, resumed }: HookArgs<'onTrainBegin'>) {
    const { log_file: name } = this.config
    if (!resumed) this.services.artefacts.put(name, '', { type: 'text/plain' })
    this.#write(`run ${run.config.name}`, { run: run.id, seed: run.config.seed })
  }

  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    const { every_steps: every } = this.config
    if (every !== undefined && step % every === 0) this.#write(`step ${step}`, metrics)
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    this.#write(`epoch ${epoch}`, metrics)
  }

  onTrainEnd({ reason, metrics }: HookArgs<'onTrainEnd'>) {
    this.#write(`end: ${reason}`, metrics)
  }

  #write(what: string, values: Metrics | Record<string, string | number>): void {
    const { log_file: name, format } = this.config
    const time = new Date(this.services.clock.now()).toISOString()
    const shown = Object.entries(values).map(
      ([key, value]) => `${key}=${typeof value === 'number' ? round(value) : value}`,
    )
    const line =
      format === 'jsonl'
        ? JSON.stringify({ time, event: what, ...values })
        : `${time} ${what}: ${shown.join(' ')}`
    this.services.artefacts.append(name, `${line}\n`)
  }
}
