// Which backend to compute on: what the user asks for, or else the fastest one here that can train.
import type { DevicePreference } from '#protocol'
import { EngineError } from '#sdk'
import type { BackendName, OpenedBackend, Opener } from './backend.ts'

/** Fastest first for all but the smallest models, software left out; docs/benchmarks.md has the measurements. */
const ORDER = ['webgpu', 'webgl', 'wasm', 'cpu'] as const satisfies BackendName[]

const NAMES = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
} as const satisfies Record<BackendName, string>

export interface Choice extends OpenedBackend {
  name: BackendName
  /** Why this one, for people. */
  reason: string
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/**
 * Starts the backend to use. 'auto' takes the first of `ORDER` that starts, on hardware, and says what the
 * better ones lack. A named one is started as asked, in software too, or `device.unavailable` is thrown.
 */
export async function chooseBackend(
  preference: DevicePreference,
  openers: Record<BackendName, Opener>,
): Promise<Choice> {
  if (preference !== 'auto') return openNamed(preference, openers[preference])
  const lacks: string[] = []
  for (const name of ORDER) {
    try {
      const opened = await openers[name]({ allowSoftware: false })
      const reason = lacks.length > 0 ? lacks.join('; ') : 'the fastest device here'
      return { ...opened, name, reason }
    } catch (thrown) {
      lacks.push(`no ${NAMES[name]} here (${messageOf(thrown)})`)
    }
  }
  throw new EngineError({
    code: 'device.unavailable',
    message: `nothing here can compute: ${lacks.join('; ')}`,
    hint: 'use a current version of Chrome, Edge, Firefox or Safari',
  })
}

async function openNamed(name: BackendName, open: Opener): Promise<Choice> {
  try {
    const opened = await open({ allowSoftware: true })
    const slow = opened.isSoftware ? '; it is imitated by the processor, which is slow' : ''
    return { ...opened, name, reason: `as asked for${slow}` }
  } catch (thrown) {
    throw new EngineError({
      code: 'device.unavailable',
      message: `the device '${name}' was asked for, but there is no ${NAMES[name]} here: ${messageOf(thrown)}`,
      hint: "choose the device 'auto', or another one",
      cause: thrown,
    })
  }
}
