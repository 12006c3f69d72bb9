// The other engines of a run: each in a thread of its own, with the same files.
import { Worker } from 'node:worker_threads'
import { type GroupMember, MeetingPlace, type Message } from '#engine'
import type { DevicePreference } from '#protocol'
import { EngineError, type ErrorInfo, errorInfo } from '#sdk'
import type { Files } from '#workspace'

/** What a thread is started with. */
export interface RankInit {
  readonly rank: number
  readonly worldSize: number
  readonly files: Files
  readonly device: DevicePreference
}

/** What a thread says: it comes to a meeting, or its run has ended. */
export type FromRank =
  | { readonly meet: number; readonly channel: string; readonly message: Message }
  | { readonly ended: readonly ErrorInfo[] }

/** The answer to a meeting. */
export type ToRank =
  | { readonly met: number; readonly values: unknown[] }
  | { readonly met: number; readonly error: ErrorInfo }

export interface Ranks {
  /** The place of the engine in this thread, which is rank 0. */
  readonly member: GroupMember
  /** What went wrong in the threads so far. */
  readonly problems: readonly ErrorInfo[]
  /** Ends all threads; nobody waits for this engine any more. */
  close(): Promise<void>
}

/** Starts the engines of the ranks from 1 on. They train by themselves, and wait for each other and for rank 0. */
export function startRanks({ worldSize, ...init }: Omit<RankInit, 'rank'>): Ranks {
  const place = new MeetingPlace(worldSize)
  const problems: ErrorInfo[] = []
  const leave = (rank: number, found: readonly ErrorInfo[]): void => {
    const own = found.map((it) => ({ ...it, message: `rank ${rank}: ${it.message}` }))
    // Only the first is a cause: others have waited for it in vain.
    if (problems.length === 0) problems.push(...own)
    place.leave(rank, found[0]?.message ?? 'its run has ended')
  }
  const start = (rank: number): Worker => {
    const data: RankInit = { ...init, rank, worldSize }
    // Beside the bundle of the command line; see scripts/vite/cli.config.ts.
    const worker = new Worker(new URL('rank.js', import.meta.url), { workerData: data })
    worker.on('message', (said: FromRank) => {
      if ('ended' in said) return leave(rank, said.ended)
      const { meet: met, channel, message } = said
      const answer = (reply: ToRank): void => worker.postMessage(reply)
      place.meet(rank, channel, message).then(
        (values) => answer({ met, values }),
        (error: unknown) => answer({ met, error: errorInfo(error) }),
      )
    })
    worker.on('error', (error) => leave(rank, [errorInfo(error)]))
    worker.on('exit', () => leave(rank, [errorInfo(vanished())]))
    return worker
  }
  const workers = Array.from({ length: worldSize - 1 }, (_, i) => start(i + 1))
  return {
    member: place.member(0),
    problems,
    async close() {
      place.leave(0, 'its run has ended')
      for (const worker of workers) worker.removeAllListeners('exit')
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

const vanished = (): EngineError =>
  new EngineError({ code: 'run.failed', message: 'its thread ended before its run did' })
