// Lines of text, always drawn as text; short ones in columns.

/** Lines longer than this are not set in columns. */
const SHORT_LINE = 14

export function TextView({ lines }: { lines: readonly string[] }) {
  const isLong = lines.some((line) => line.length > SHORT_LINE)
  return (
    <ul className="plugin-lines" data-long={isLong || undefined}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  )
}
