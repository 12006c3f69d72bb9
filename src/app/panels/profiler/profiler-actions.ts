// Actions of the profiler: record steps, end the recording, save it.
import { CircleDot, Download, Square } from 'lucide-react'
import type { Action } from '../../actions/action.ts'
import { session } from '../../session/page-session.ts'
import { showPanel } from '../../shell/navigation.ts'
import { engineStore } from '../../store/store.ts'
import { download } from '../../ui/download.ts'

const group = 'Profiler'
const profile = () => engineStore.getState().profile
const isRecording = (): boolean => profile().recording?.state === 'recording'
const isUp = (): boolean => engineStore.getState().engine.status === 'ready'

const recordAction = (steps: number): Action => ({
  id: `profiler.record.${steps}`,
  title: `Record ${steps} steps`,
  group,
  icon: CircleDot,
  hint: 'Where the time of a step goes: phases, plugins, kernels',
  isEnabled: () => isUp() && !isRecording(),
  run() {
    showPanel('profiler')
    void session.profile({ steps, isExact: false })
  },
})

const endRecordingAction: Action = {
  id: 'profiler.end',
  title: 'End recording',
  group,
  icon: Square,
  isEnabled: isRecording,
  run: () => void session.profile(null),
}

export const saveTraceAction: Action = {
  id: 'profiler.save',
  title: 'Save as a trace for Perfetto',
  group,
  icon: Download,
  isEnabled: () => profile().steps.length > 0,
  run: () => void saveTrace(),
}

async function saveTrace(): Promise<void> {
  const { traceOf } = await import('./chrome-trace.ts')
  const { steps } = profile()
  download(`${steps[0]!.run}-trace.json`, JSON.stringify(traceOf(steps)), 'application/json')
}

export const profilerActions: readonly Action[] = [
  recordAction(10),
  recordAction(50),
  recordAction(200),
  endRecordingAction,
  saveTraceAction,
]
