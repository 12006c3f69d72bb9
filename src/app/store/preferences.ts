// What the user chose for this browser: theme, device, how charts are drawn.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { DevicePreference } from '#protocol'
import { z } from '#sdk'

const devices = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'] as const satisfies DevicePreference[]

const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  device: z.enum(devices).catch('auto'),
  /** Weight of the past in the moving average, 0 for none. */
  smoothing: z.number().min(0).max(0.99).catch(0.6),
  /** The first steps were taken, or the user does not want to be led. */
  isNewcomer: z.boolean().catch(true),
  isLogScale: z.boolean().catch(false),
  isLogX: z.boolean().catch(false),
  xAxis: z.enum(['step', 'epoch', 'time']).catch('step'),
  chartHeight: z.enum(['small', 'medium', 'large']).catch('medium'),
  /** The y axis ends where outliers begin. */
  ignoresOutliers: z.boolean().catch(false),
  /** Charts are zoomed together. */
  isZoomLinked: z.boolean().catch(false),
  /** Groups of charts that are folded up, by their prefix. */
  foldedCharts: z.array(z.string().max(100)).max(200).catch([]),
})
export type Preferences = z.output<typeof preferencesSchema>

/** Also read by public/theme.js. */
const KEY = 'plugboard.preferences'

function load(): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    // Storage may be closed, or hold what is no JSON: then the defaults are taken.
    return preferencesSchema.parse({})
  }
}

export const preferences = createStore<Preferences>(load)

export function setPreferences(change: Partial<Preferences>): void {
  preferences.setState(change)
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.getState()))
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export const usePreference = <K extends keyof Preferences>(key: K): Preferences[K] =>
  useStore(preferences, (state) => state[key])
