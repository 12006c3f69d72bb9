// What is known of a run's speed and memory over its steps, and the recording of where the time of steps went.
import type { EngineEvent, EventData } from '#protocol'

export type RecordedStep = EventData<'profile.step'>

/** How work of a run is compiled. */
export type CompiledWork = EventData<'run.compiled'>

/** Speed and memory at a step boundary. */
export type Sample = Pick<
  EventData<'run.progress'>,
  'step' | 'stepsPerSecond' | 'tensors' | 'bytes' | 'gpuBytes'
>

export interface ProfileSlice {
  /** The recording asked for last. */
  readonly recording: EventData<'profile.state'> | undefined
  /** Its steps. */
  readonly steps: readonly RecordedStep[]
  /** Of the run `run`, oldest first; of a long one, every second, fourth … of them. */
  readonly samples: readonly Sample[]
  readonly run: string | undefined
  /** Each kind of work once, as it was told last; of one run. */
  readonly compiled: readonly CompiledWork[]
}

export const initialProfile: ProfileSlice = {
  recording: undefined,
  steps: [],
  samples: [],
  run: undefined,
  compiled: [],
}

/** Steps come before validation. */
const byWork = (a: CompiledWork, b: CompiledWork): number => (a.work < b.work ? -1 : 1)

export const MAX_SAMPLES = 600

export function reduceProfile(profile: ProfileSlice, event: EngineEvent): ProfileSlice {
  switch (event.type) {
    case 'profile.state':
      return {
        ...profile,
        recording: event.data,
        steps: event.data.state === 'recording' ? [] : profile.steps,
      }
    case 'profile.step':
      return { ...profile, steps: [...profile.steps, event.data] }
    case 'run.progress': {
      const { id, step, stepsPerSecond, tensors, bytes, gpuBytes } = event.data
      const before = profile.run === id ? profile.samples : []
      const samples = [...before, { step, stepsPerSecond, tensors, bytes, gpuBytes }]
      const kept = samples.length > MAX_SAMPLES ? samples.filter((_, i) => i % 2 === 0) : samples
      return { ...profile, run: id, samples: kept }
    }
    case 'run.begin':
      return { ...profile, compiled: [] }
    case 'run.compiled': {
      const { work } = event.data
      const others = profile.compiled.filter((each) => each.work !== work)
      return { ...profile, compiled: [...others, event.data].toSorted(byWork) }
    }
    default:
      return profile
  }
}

/** The engine is gone, and with it a recording under way. */
export function abandonProfile(profile: ProfileSlice): ProfileSlice {
  const { recording, steps } = profile
  if (recording?.state !== 'recording') return profile
  return { ...profile, recording: { ...recording, state: 'ended', done: steps.length } }
}
