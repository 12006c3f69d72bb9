// Stored records that cannot be read: damaged, or written by another version of the page. They stay until they are deleted.

/** What is stored of them, for the user's own eyes: JSON, with the sizes of what is no text. */
export const damagedText = (records: readonly unknown[]): string =>
  JSON.stringify(
    records,
    (_key, value: unknown) => {
      if (value instanceof Blob) return `(${value.size} bytes)`
      if (ArrayBuffer.isView(value) && !(value instanceof DataView))
        return Array.from(value as unknown as Iterable<unknown>, String)
      return typeof value === 'bigint' ? String(value) : value
    },
    2,
  )
