// The model's form and its answers: asked for when something changed, and again while it learns.
import { useEffect, useRef, useState } from 'react'
import type { InputValue, Prediction, PredictForm, PredictOptions } from '#protocol'
import { errorInfo, type ErrorInfo } from '#sdk'
import { session } from '../../session/page-session.ts'
import { useEngineView } from '../../store/store.ts'

/** Time between two answers while the model learns. */
const LIVE_MS = 1000

/** What the model of the present run takes, or that of the last one; `undefined` while there is none. */
export function useForm(): PredictForm | undefined {
  const [form, setForm] = useState<PredictForm>()
  // Asked for anew when the model is built and when the run has ended.
  const moment = useEngineView(({ run, engine }) => {
    const { current } = run
    const isBuilt = current?.setup !== undefined
    return `${engine.status} ${current?.id} ${isBuilt} ${current?.state === 'ended'}`
  })
  useEffect(() => {
    let isCurrent = true
    const set = (next: PredictForm | null | undefined) => {
      if (isCurrent) setForm(next ?? undefined)
    }
    session.predictForm().then(set, () => set(undefined))
    return () => {
      isCurrent = false
    }
  }, [moment])
  return form
}

interface Asked {
  values: Readonly<Record<string, InputValue>>
  options: PredictOptions
  /** The run whose model is asked. */
  run: string
  isLive: boolean
  /** Nobody is answered out of sight: that would only slow the training. */
  isSeen: boolean
}

export interface Answer {
  prediction: Prediction | undefined
  error: ErrorInfo | undefined
}

/**
 * Answers one question at a time; of those that come meanwhile the last counts. Asks whenever something changed,
 * the panel comes into sight, or training goes on or stops; `isLive`: again and again while it learns.
 */
export function usePrediction({ values, options, run, isLive, isSeen }: Asked): Answer {
  const [answer, setAnswer] = useState<Answer>({ prediction: undefined, error: undefined })
  const asked = useRef({ values, options, isBusy: false, isStale: false, isGone: false })
  const isTraining = useEngineView(({ run }) => run.current?.state === 'running')

  async function ask() {
    const state = asked.current
    if (state.isBusy) {
      state.isStale = true
      return
    }
    state.isBusy = true
    do {
      state.isStale = false
      const next = await session.predict(state.values, state.options).then(
        (prediction): Answer => ({ prediction, error: undefined }),
        (thrown: unknown): Answer => ({ prediction: undefined, error: errorInfo(thrown) }),
      )
      if (!state.isGone) setAnswer(next)
    } while (state.isStale && !state.isGone)
    state.isBusy = false
  }

  useEffect(() => {
    Object.assign(asked.current, { values, options, isGone: false })
    if (isSeen) void ask()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asks for whatever changed last
  }, [values, options, run, isSeen, isTraining])
  useEffect(() => {
    if (!isTraining || !isLive || !isSeen) return
    const timer = setInterval(() => void ask(), LIVE_MS)
    return () => clearInterval(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `ask` reads what is current
  }, [isLive, isSeen, isTraining])
  useEffect(() => {
    const state = asked.current
    return () => {
      state.isGone = true
    }
  }, [])
  return answer
}
