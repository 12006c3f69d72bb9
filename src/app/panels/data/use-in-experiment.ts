// Writes an experiment on a data file into plugboard.yaml, with a way back.
import type { TableProfile } from '#sdk'
import { type DataUse, loadOwnData, PROJECT_FILE } from '#workspace'
import { toast } from 'sonner'
import type { DataFile } from '../../data/index.ts'
import { showPanel } from '../../shell/navigation.ts'
import { workspaceStore } from '../../workspace/index.ts'
import type { Choices } from './choices.ts'
import type { Findings } from './use-inspection.ts'

/** Beyond this many columns a project file would be no longer readable. */
const MAX_INPUTS = 200
/** Lines longer than this, in the mean, are prose and no list. */
const LONG_LINE = 200
const FEW_LINES = 50

type Plan = { use: DataUse } | { problem: string }

function tablePlan(file: DataFile, table: TableProfile, { form, label }: Choices): Plan {
  const used = table.columns.flatMap(({ name, type, missing, distinct }) =>
    type === 'ignore' ? [] : [{ name, type, distinct, hasGaps: missing > 0 }],
  )
  const chosen = used.find(({ name }) => name === label)
  if (!chosen) return { problem: 'Choose the column to predict: tick “label” in its row.' }
  if (chosen.type === 'text')
    return { problem: `${chosen.name} is text: make it a category or number to predict it.` }
  const inputs = used.filter((column) => column !== chosen)
  if (inputs.length === 0) return { problem: 'There is no column left to predict it from.' }
  if (inputs.length > MAX_INPUTS) {
    return {
      problem: `${inputs.length} inputs are too many to write down; ignore all but ${MAX_INPUTS}, or write a dataset plugin.`,
    }
  }
  const { header, delimiter, decimal } = form
  const written = {
    ...(header === 'auto' ? {} : { header }),
    ...(delimiter === 'auto' ? {} : { delimiter }),
    ...(decimal === '.' ? {} : { decimal }),
  }
  return { use: { kind: 'table', file: file.path, form: written, inputs, label: chosen } }
}

/** What an experiment on the file would be, or what is needed for one. */
export function planFor(file: DataFile, findings: Findings, choices: Choices): Plan {
  if (findings.kind === 'table') return tablePlan(file, findings.table, choices)
  if (findings.kind === 'images') {
    const { classes } = findings.images
    if (classes.length > 1) return { use: { kind: 'images', file: file.path } }
    return { problem: `All images are in one folder, ${classes[0]?.[0]}: two classes are needed.` }
  }
  const { characters, lines } = findings.text
  const isLong = lines < FEW_LINES || characters / lines > LONG_LINE
  return { use: { kind: 'text', file: file.path, isLong } }
}

export async function writeExperiment(use: DataUse): Promise<void> {
  const { withDataset } = await loadOwnData()
  const { files, create, edit } = workspaceStore.getState()
  const before = files.get(PROJECT_FILE)
  try {
    const text = withDataset(typeof before === 'string' ? before : '', use)
    if (before === undefined) create(PROJECT_FILE, text)
    else edit(PROJECT_FILE, text)
    // The form: what is chosen there needs no text, and leads to its lines.
    showPanel('config')
    toast.success(`The experiment trains on ${use.file} now. Press Run, or change its settings.`, {
      duration: 8000,
      ...(before === undefined
        ? {}
        : { action: { label: 'Undo', onClick: () => edit(PROJECT_FILE, before) } }),
    })
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}
