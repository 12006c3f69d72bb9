// A device that can't be computed on any more, and the run that goes on by itself on the next one.
import { type EngineEvent, isEngineEvent, type RunState } from '#protocol'
import type { EventRecord } from '#sdk'
import type { LostReason } from '../remote/lost.ts'
import type { RunRecord } from '../store/run-slice.ts'

/**
 * Why an engine is to be given up, where an event says that its device is of no use: tensors that plugins hold are gone
 * or wrong, and a fresh engine is the sure way to train again.
 */
export function lossIn(event: EngineEvent): LostReason | undefined {
  if (event.type === 'device.lost') return { kind: 'device', message: event.data.error.message }
  if (event.type === 'run.state' && event.data.error?.code === 'device.refused')
    return { kind: 'refused', message: event.data.error.message }
  return undefined
}

/** A run goes on by itself at most so often within so long: what fails again and again is for its user to see. */
const [MOST, WITHIN_MS] = [3, 600_000]

export interface ComebackParts<C> {
  /** The run that was on last. */
  run(): RunRecord | undefined
  /** The newest checkpoint of a run that it can go on from, once all that it took are kept. */
  checkpoint(run: string): Promise<C | undefined>
  goOn(checkpoint: C, cause: string): Promise<void>
  /** It was lost too often, and waits for its user. */
  onGivenUp(count: number): void
  now(): number
}

/**
 * Goes on with a run whose device went away, from its own last checkpoint: one that took none did not get ahead, and
 * would only fail again. A run that was paused, or ended for another reason, is left to its user.
 */
export function createComeback<C>({ run, checkpoint, goOn, onGivenUp, now }: ComebackParts<C>) {
  let wentOnAt: readonly number[] = []
  /** Of the newest run, before its end. */
  let state: RunState | undefined

  return {
    /** Follows the events of the engine. */
    receive(events: readonly EventRecord[]): void {
      for (const event of events)
        if (isEngineEvent(event) && event.type === 'run.state' && event.data.state !== 'ended')
          ({ state } = event.data)
    },

    /** A fresh engine is up after a loss. */
    async goOn({ kind, message }: LostReason): Promise<void> {
      const lost = run()
      const isOfDevice = kind === 'device' || kind === 'refused'
      if (!isOfDevice || !lost?.error?.code.startsWith('device.') || state === 'paused') return
      const found = await checkpoint(lost.id)
      if (found === undefined || run()?.id !== lost.id) return
      wentOnAt = wentOnAt.filter((at) => now() - at < WITHIN_MS)
      if (wentOnAt.length >= MOST) return onGivenUp(MOST)
      wentOnAt = [...wentOnAt, now()]
      await goOn(found, message)
    },
  }
}
