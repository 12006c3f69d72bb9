// A command: an action by name with typed arguments, for the palette and the console. And a line to beat.
import { defineCommand, type HookArgs, type NumberColumn, plugin, type Table, z } from 'plugboard'
import { readLabelledRows } from '../lib/labelled-rows.ts'

const args = z.strictObject({
  ending: z.string().min(1).default('a').describe('last letters of the names to count'),
  task: z.string().default('gender').describe('labels to count them by'),
})

export default class Endings extends plugin({
  manifest: {
    name: 'endings',
    version: '1.0.0',
    category: 'command',
    description: 'Counts labels by how names end, and draws what such counting gets right',
    tags: ['command', 'baseline'],
  },
  config: z.strictObject({
    path: z.string().default('data/labelled-names.csv').describe('file to count in'),
    task: z.string().default('gender').describe('task that the line to beat is drawn for'),
  }),
}) {
  initialize() {
    const command = defineCommand({
      title: 'Count names by their ending',
      description: 'How many names with this ending have which label',
      args,
      // What it returns is shown to who ran it.
      run: ({ ending, task }) => this.count(ending, task),
    })
    this.ctx.provide('command', 'count_endings', () => command)
  }

  /** Names that end so, by label; those without a label are counted under 'unknown'. */
  async count(ending: string, task: string): Promise<Record<string, number>> {
    const csv = new TextDecoder().decode(await this.ctx.asset(this.config.path))
    const { texts, labels } = readLabelledRows(csv, this.config.path)
    const counts: Record<string, number> = {}
    texts.forEach((text, row) => {
      if (!text.endsWith(ending)) return
      const label = labels[task]?.[row] || 'unknown'
      counts[label] = (counts[label] ?? 0) + 1
    })
    return counts
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    const { task } = this.config
    const value = lastLetterAccuracy(run.data.train, run.data.validation, task)
    if (value !== undefined)
      run.reference({ metric: `val_${task}_accuracy`, label: 'last letter', value })
  }
}

/** Calls `visit` with last id and label of each row that has a label. */
function eachLabel(
  table: Table,
  task: string,
  visit: (last: number, label: number) => void,
): boolean {
  const [ids, labels, mask] = ['input_ids', `${task}_labels`, `${task}_mask`].map(
    (name) => table.columns[name] as NumberColumn | undefined,
  )
  if (!ids || !labels) return false
  const time = ids.shape[0]!
  labels.data.forEach((label, row) => {
    // Rows are right-aligned, so the last id is the last letter.
    if (mask?.data[row] !== 0) visit(ids.data[(row + 1) * time - 1]!, label)
  })
  return true
}

/** Share of labels that are right when each last letter has the label it most often has in training. */
function lastLetterAccuracy(train: Table, validation: Table, task: string): number | undefined {
  const counts: number[][] = []
  const isCounted = eachLabel(train, task, (last, label) => {
    const of = (counts[last] ??= [])
    of[label] = (of[label] ?? 0) + 1
  })
  if (!isCounted) return undefined
  let [right, all] = [0, 0]
  eachLabel(validation, task, (last, label) => {
    const of = counts[last]?.map((count) => count ?? 0) ?? []
    if (of.indexOf(Math.max(...of)) === label) right++
    all++
  })
  return right / all
}
