// Runs in a page: opens one device and tries the built-in parts on it.
import type { DevicePreference } from '#protocol'
import { errorInfo, type ErrorInfo } from '#sdk'
import { everyTry, valuesOf } from '../../src/plugins/testing/every-part.ts'
import type { Given } from '../../src/plugins/testing/given.ts'
import { openDevice } from '../../src/workers/device/index.ts'

export interface PartsJob {
  device: DevicePreference
  /** Of the tries to make; all of them, if left out. */
  titles?: readonly string[]
}

export interface PartsOutcome {
  given: Given
  /** Errors that the device reported by itself. */
  errors: ErrorInfo[]
  durationMs: number
}

export default async function run(job: PartsJob): Promise<PartsOutcome> {
  const errors: ErrorInfo[] = []
  const device = await openDevice(job.device, {
    asset: async (path) => (await fetch(`/${path}`)).arrayBuffer(),
    beat: () => undefined,
    work: () => undefined,
    onError: (error) => errors.push(errorInfo(error)),
  })
  const tries = await everyTry()
  const wanted = job.titles && new Set(job.titles)
  const startedMs = performance.now()
  const given = await valuesOf(tries.filter(({ title }) => wanted?.has(title) ?? true))
  const durationMs = performance.now() - startedMs
  device.dispose()
  return { given, errors, durationMs }
}
