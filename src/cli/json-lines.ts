// Events for machines: one line of JSON each.
import type { EventRecord } from '#sdk'
import { jsonText } from '#workspace'

/** The event as a line. */
export const jsonLine = (event: EventRecord): string => `${jsonText(event)}\n`
