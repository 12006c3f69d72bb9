// Fields of log lines as plain data.

/** The fields, with those that cannot be copied written out as text. */
export function plainFields(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    try {
      return [key.slice(0, 300), structuredClone(value)]
    } catch {
      return [key.slice(0, 300), String(value)]
    }
  })
  return Object.fromEntries(entries)
}
