// N-gram baselines: how well mere counting predicts, as lines to beat in the loss chart.
import { type HookArgs, type NumberColumn, plugin, type Table } from 'plugboard'

/** A pair of neighbours that the mask keeps. */
type Visit = (previous: number, next: number) => void

function columnOf(table: Table, name: string): NumberColumn | undefined {
  const column = table.columns[name]
  return column?.type === 'number' ? column : undefined
}

function eachPair(table: Table, visit: Visit): void {
  const inputs = columnOf(table, 'input_ids')!.data
  const labels = columnOf(table, 'labels')!.data
  const mask = columnOf(table, 'attention_mask')?.data
  for (let i = 0; i < labels.length; i++) if (mask?.[i] !== 0) visit(inputs[i]!, labels[i]!)
}

/**
 * Mean loss in nats on `validation` of unigram and bigram models counted on `train`. Every count gets
 * one more (Laplace), so nothing is impossible: p(b | a) = (n(ab) + 1) / (n(a) + vocabulary).
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
    const vocabulary = run.columns['input_ids']?.limit
    if (vocabulary === undefined || run.columns['labels']?.limit !== vocabulary) {
      this.ctx.log.warn(
        'ngram_baselines has nothing to count: batches have no `input_ids` and `labels` of one vocabulary',
      )
      return
    }
    const losses = ngramLosses(run.data.train, run.data.validation, vocabulary)
    for (const [label, value] of Object.entries(losses)) {
      run.reference({ metric: 'val_loss', label, value })
    }
  }
}
