// N-gram baselines: how well mere counting predicts, as lines to beat in the loss chart.
import { type ColumnSpec, type HookArgs, type NumberColumn, plugin, type Table } from 'plugboard'

/** A pair of neighbours that the mask keeps. */
type Visit = (previous: number, next: number) => void

const valuesOf = (table: Table, name: string): NumberColumn['data'] | undefined => {
  const column = table.columns[name]
  return column?.type === 'number' ? column.data : undefined
}

function eachPair(table: Table, visit: Visit): void {
  const [inputs, labels] = [valuesOf(table, 'input_ids')!, valuesOf(table, 'labels')!]
  const mask = valuesOf(table, 'attention_mask')
  for (let i = 0; i < labels.length; i++) if (mask?.[i] !== 0) visit(inputs[i]!, labels[i]!)
}

/**
 * Mean loss in nats on `validation` of unigram and bigram models counted on `train`; NaN where the mask keeps
 * nothing. Every count gets one more (Laplace), so nothing is impossible:
 * p(b | a) = (n(ab) + 1) / (n(a) + vocabulary).
 */
export function ngramLosses(
  train: Table,
  validation: Table,
  vocabulary: number,
): { unigram: number; bigram: number } {
  const labels = new Float64Array(vocabulary)
  const previous = new Float64Array(vocabulary)
  const pairs = new Map<number, number>()
  let total = 0
  eachPair(train, (a, b) => {
    labels[b]!++
    previous[a]!++
    total++
    const key = a * vocabulary + b
    pairs.set(key, (pairs.get(key) ?? 0) + 1)
  })
  const sums = { unigram: 0, bigram: 0 }
  let count = 0
  eachPair(validation, (a, b) => {
    const together = pairs.get(a * vocabulary + b) ?? 0
    sums.unigram -= Math.log((labels[b]! + 1) / (total + vocabulary))
    sums.bigram -= Math.log((together + 1) / (previous[a]! + vocabulary))
    count++
  })
  return { unigram: sums.unigram / count, bigram: sums.bigram / count }
}

const isAlike = (a: ColumnSpec, b: ColumnSpec | undefined): boolean =>
  a.limit === b?.limit && a.shape.join() === b?.shape.join()

export default class NgramBaselines extends plugin({
  manifest: {
    name: 'ngram_baselines',
    version: '1.0.0',
    category: 'callback',
    description: 'Draws the loss of unigram and bigram counts as lines to beat',
    tags: ['language model'],
  },
}) {
  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    const { input_ids: inputs, labels } = run.columns
    if (inputs?.limit === undefined || !isAlike(inputs, labels)) {
      this.ctx.log.warn(
        'ngram_baselines has nothing to count: batches have no `input_ids` and `labels` of one shape and vocabulary',
      )
      return
    }
    const losses = ngramLosses(run.data.train, run.data.validation, inputs.limit)
    for (const [label, value] of Object.entries(losses)) {
      if (Number.isFinite(value)) run.reference({ metric: 'val_loss', label, value })
    }
  }
}
