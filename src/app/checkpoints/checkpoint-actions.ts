// Actions on checkpoints: go on from the last one, take one, open a file.
import { FolderOpen, History, Save } from 'lucide-react'
import { toast } from 'sonner'
import { type Action } from '../actions/action.ts'
import { canRun } from '../session/can-run.ts'
import { session } from '../session/page-session.ts'
import { isActive } from '../store/run-slice.ts'
import { engineStore } from '../store/store.ts'
import { formatCount } from '../ui/format.ts'
import { type CheckpointEntry, checkpoints, resumable } from './index.ts'

const group = 'Run'

const last = (): CheckpointEntry | undefined => resumable(checkpoints.getState().entries)

export const resumeText = ({ step }: CheckpointEntry): string =>
  `Resume from step ${formatCount(step)}`

export const resumeLastAction: Action = {
  id: 'run.resumeLast',
  title: 'Resume the last run',
  group,
  icon: History,
  hint: 'Goes on from its last checkpoint, as if it had never ended',
  isEnabled: () => canRun() && last() !== undefined,
  run: () => {
    const entry = last()
    if (entry) void session.goOn(entry)
  },
}

export const checkpointAction: Action = {
  id: 'run.checkpoint',
  title: 'Take a checkpoint',
  group,
  icon: Save,
  isEnabled: () => isActive(engineStore.getState().run.current),
  run: () => void session.control('checkpoint'),
}

/** Adds files to the list; what is wrong with one is shown. */
export async function addCheckpoints(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    try {
      await checkpoints.add(file)
      toast.success(`Added ${file.name}. It can be resumed where the experiment is the same.`)
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error), { duration: 10_000 })
    }
  }
}

export const openCheckpointAction: Action = {
  id: 'run.openCheckpoint',
  title: 'Open a checkpoint file',
  group,
  icon: FolderOpen,
  run: () => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = '.safetensors'
    input.addEventListener('change', () => void addCheckpoints(input.files ?? []))
    input.click()
  },
}
