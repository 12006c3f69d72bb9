// Idea: what a run is worth. Simple rules to beat as lines in a chart, and the days of most surprise in a table.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type PanelHandle, plugin, type Run, type Table, z } from 'plugboard'
import { KnownDays } from '../lib/services.ts'

const valuesOf = ({ columns }: Table, name: string): ArrayLike<number> =>
  columns[name]?.type === 'number' ? columns[name].data : []

/** Share of places at which two lists have the same number. */
function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let same = 0
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) same++
  return same / a.length
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export default class Verdict extends plugin({
  manifest: {
    name: 'verdict',
    version: '1.0.0',
    category: 'callback',
    description: 'Holds the model against simple rules, and shows days that surprised it',
    requires: { 'plugin:journal': '^1.0.0', 'tour.known_days': '*' },
  },
  config: z.strictObject({
    rows: z.int().min(1).max(500).default(12).describe('days in the table'),
  }),
  inject: { knownDays: KnownDays },
}) {
  #panel: PanelHandle | undefined
  #rules: Readonly<Record<string, number>> = {}

  initialize() {
    this.#panel = this.ctx.panel({ id: 'verdict', title: 'Verdict', type: 'table' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    const held = run.data.validation
    const labels = valuesOf(held, 'labels')
    const wild = agreement(labels, new Uint8Array(labels.length).fill(1))
    this.#rules = {
      'always the same': Math.max(wild, 1 - wild),
      'as today': agreement(labels, valuesOf(held, 'today')),
      'as this week': agreement(labels, valuesOf(held, 'week')),
    }
    for (const [label, value] of Object.entries(this.#rules))
      run.reference({ metric: 'val_accuracy', label, value })
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const { wild, glances } = await this.#ask(run)
    const held = run.data.validation
    const [days, labels] = [valuesOf(held, 'day'), valuesOf(held, 'labels')]
    // By what the model gave for what then came: the least first.
    const given = wild.map((chance, row) => (labels[row] === 1 ? chance : 1 - chance))
    const surprises = [...given.keys()].toSorted((a, b) => given[a]! - given[b]!)
    const rows = surprises.slice(0, this.config.rows).map((row) => {
      const day = days[row]!
      const was = labels[row] === 1 ? 'wild' : 'calm'
      return [String(day), percent(wild[row]!), was, this.services.knownDays.nameOf(day) ?? '']
    })
    this.#panel?.show({
      columns: ['day', 'said to be wild', 'it was', 'known for'],
      rows,
      caption: [`epoch ${epoch}`, ...glances.map(percent)].join(' · '),
    })
  }

  async onTrainEnd({ metrics }: HookArgs<'onTrainEnd'>) {
    const accuracy = metrics['val_accuracy']
    if (accuracy === undefined) return
    const rules = Object.entries(this.#rules).map(([name, value]) => `${name} ${percent(value)}`)
    const line = `right about ${percent(accuracy)} of held-back days; ${rules.join(', ')}`
    this.ctx.log.info(line)
    await this.ctx.call('journal', 'write', line)
  }

  /** The chance of a wild day for each held-back row, and the mean attention that each day of a window gets. */
  async #ask(run: Run) {
    const rows = Array.from({ length: run.data.validation.length }, (_, row) => row)
    // Everything made in tf.tidy is freed, but for what it returns. No await inside of it.
    const tensors = tf.tidy((): tf.Tensor[] => {
      const { logits, attention } = run.predict(run.batch('validation', rows))
      const wild = tf.softmax(logits!).slice([0, 1], [-1, 1])
      // A head of another make may give no attention.
      return attention ? [wild, attention.mean([0, 2])] : [wild]
    })
    const [wild, glances = []] = await Promise.all(tensors.map((each) => each.data()))
    tf.dispose(tensors)
    return { wild: wild!, glances: [...glances] }
  }
}
