// Events and problems for machines: one line of JSON each.
import type { ErrorInfo, EventRecord } from '#sdk'
import { jsonText } from '#workspace'

/** The event as a line. */
export const jsonLine = (event: EventRecord): string => `${jsonText(event)}\n`

/** A problem that ends a command, as a line like those of events: `{"type":"problem","data":{…}}`. */
export const problemLine = (problem: ErrorInfo): string =>
  `${jsonText({ type: 'problem', data: problem })}\n`
