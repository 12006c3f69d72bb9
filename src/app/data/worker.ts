// Jobs on data files, each in a worker of its own: what it took of memory goes with it.
import { EngineError, type ErrorInfo } from '#sdk'
import type { Answer, Answers, Job } from './jobs.ts'
import DataWorker from './data.worker.ts?worker'

export interface JobOptions {
  signal?: AbortSignal
  /** Share that is done, 0 … 1. */
  onProgress?(share: number): void
}

const engineError = ({ code, message, hint }: ErrorInfo): EngineError =>
  new EngineError({ code, message, ...(hint === undefined ? {} : { hint }) })

/** Does `job`. Rejects with an `EngineError` that says what is wrong with the file, or with the signal's reason. */
export function doJob<K extends Job['kind']>(
  job: Extract<Job, { kind: K }>,
  { signal, onProgress }: JobOptions = {},
): Promise<Answers[K]> {
  signal?.throwIfAborted()
  const worker = new DataWorker()
  return new Promise<Answers[K]>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('share' in data) onProgress?.(data.share)
      else if ('failed' in data) reject(engineError(data.failed))
      else resolve(data.done as Answers[K])
    }
    worker.onerror = ({ message }) =>
      reject(new Error(`The file could not be read: ${message || 'memory may have run out'}.`))
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}
