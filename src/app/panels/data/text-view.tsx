// A text file: how long it is, and how it begins.
import type { TextSummary } from '../../data/index.ts'
import { formatCount, plural } from '../../ui/format.ts'
import { VirtualRows } from './virtual-rows.tsx'

export function TextView({ text: { characters, lines, sample } }: { text: TextSummary }) {
  return (
    <>
      <p className="data-note">
        {plural(characters, 'character')} · {plural(lines, 'line')}
        {sample.length < lines ? ` · the first ${formatCount(sample.length)} lines` : ''}
      </p>
      <VirtualRows
        label="Lines"
        count={sample.length}
        rowHeight={22}
        row={(index, style) => (
          <div key={index} className="data-text-line" style={style}>
            <span className="data-line numeric">{index + 1}</span>
            <code>{sample[index]}</code>
          </div>
        )}
      />
    </>
  )
}
