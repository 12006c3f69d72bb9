// What engines measured on this browser's adapters, so that the next one need not.
import { measuredSchema } from '#protocol'
import { type DeviceInfo, type Measured, z } from '#sdk'

const KEY = 'plugboard.measured'
/** Adapters that are remembered; one is another after an update of its driver. */
const MOST = 8

const schema = z.array(measuredSchema).max(MOST)

export function measuredBefore(): Measured[] {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    // Storage may be closed, or hold something else: then it is measured again.
    return []
  }
}

export function keepMeasured({ measured }: Pick<DeviceInfo, 'measured'>): void {
  if (!measured) return
  const others = measuredBefore().filter(({ adapter }) => adapter !== measured.adapter)
  try {
    localStorage.setItem(KEY, JSON.stringify([measured, ...others].slice(0, MOST)))
  } catch {
    // Without storage each engine measures.
  }
}
