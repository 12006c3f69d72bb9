// The engine's methods as promises that always settle, with results checked before anyone sees them.
import { type Remote as Wrapped, transfer, wrap } from 'comlink'
import {
  commandsSchema,
  deviceSchema,
  errorSchema,
  type EngineApi,
  inspectionSchema,
  modelFilesSchema,
  modelGraphSchema,
  predictFormSchema,
  predictionSchema,
  projectReportSchema,
  testFilesSchema,
  testReportSchema,
} from '#protocol'
import { z } from '#sdk'
import './thrown.ts'

const nothing = z.unknown().transform(() => undefined)

const resultSchemas: Record<keyof EngineApi, z.ZodType> = {
  boot: deviceSchema,
  open: projectReportSchema,
  inspect: inspectionSchema,
  activate: projectReportSchema,
  transition: nothing,
  renew: nothing,
  profile: nothing,
  call: z.unknown(),
  report: projectReportSchema,
  yamlSchemas: z.record(z.string(), z.record(z.string(), z.unknown())),
  startRun: z.string().max(300),
  checkpoint: z.instanceof(Uint8Array).nullable(),
  takeCheckpoint: nothing,
  exportModel: modelFilesSchema,
  control: nothing,
  describeModel: modelGraphSchema,
  predictForm: predictFormSchema.nullable(),
  predict: predictionSchema,
  tests: testFilesSchema,
  test: testReportSchema,
  stopTests: nothing,
  commands: commandsSchema,
  command: z.unknown(),
  validateConfig: z.array(errorSchema),
  artefact: z.instanceof(Uint8Array).nullable(),
  provideAsset: nothing,
}

export interface EngineCalls {
  api: EngineApi
  /** Rejects all calls under way, and those to come. */
  rejectAll(error: Error): void
}

/**
 * Wraps the engine behind `port`. Buffers among the arguments are moved, not copied. A result that
 * breaks its schema rejects the call and is reported to `onInvalid`.
 */
export function engineCalls(port: MessagePort, onInvalid: (message: string) => void): EngineCalls {
  const engine: Wrapped<EngineApi> = wrap<EngineApi>(port)
  const pending = new Set<(error: Error) => void>()
  let closed: Error | undefined

  function call(method: keyof EngineApi, args: unknown[]): Promise<unknown> {
    if (closed) return Promise.reject(closed)
    const moved = args.map((arg) => (arg instanceof ArrayBuffer ? transfer(arg, [arg]) : arg))
    const remote = engine[method] as unknown as (...args: unknown[]) => Promise<unknown>
    return new Promise((resolve, reject) => {
      pending.add(reject)
      remote(...moved)
        .then((result) => {
          const parsed = resultSchemas[method].safeParse(result)
          if (parsed.success) return resolve(parsed.data)
          const message = `The engine's answer to ${method} breaks its schema: ${z.prettifyError(parsed.error)}`
          reject(new TypeError(message))
          return onInvalid(message)
        })
        .catch(reject)
        .finally(() => pending.delete(reject))
    })
  }

  const methods = Object.keys(resultSchemas) as (keyof EngineApi)[]
  const api = Object.fromEntries(
    methods.map((method) => [method, (...args: unknown[]) => call(method, args)]),
  ) as unknown as EngineApi
  return {
    api,
    rejectAll(error) {
      closed = error
      for (const reject of pending) reject(error)
      pending.clear()
    },
  }
}
