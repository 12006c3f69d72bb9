// A view that a plugin describes as data: lines of text or a table, always drawn as text.
import { PanelsTopLeft } from 'lucide-react'
import type { PanelContent } from '#sdk'
import { useEngineView } from '../store/store.ts'
import { EmptyState } from '../ui/feedback.tsx'
import { formatValue } from '../ui/format.ts'
import './panels.css'

export function PluginPanelView({ id }: { id: string }) {
  const panel = useEngineView(({ panels }) => panels[id])
  if (!panel?.content) {
    return (
      <EmptyState icon={<PanelsTopLeft size={28} />} title="Nothing shown yet">
        {panel?.plugin === undefined
          ? 'A plugin fills this panel while it runs. Press Run.'
          : `The plugin ${panel.plugin} fills this panel while it runs.`}
      </EmptyState>
    )
  }
  const { content, isGone } = panel
  return (
    <div className="plugin-panel" tabIndex={0}>
      {content.caption === undefined ? null : (
        <p className="plugin-panel-caption">{content.caption}</p>
      )}
      {isGone ? <p className="plugin-panel-caption">Last shown; its plugin is down.</p> : null}
      <Content content={content} />
    </div>
  )
}

/** Lines longer than this are not set in columns. */
const SHORT_LINE = 14

function Content({ content }: { content: PanelContent }) {
  if ('text' in content) {
    const isLong = content.text.some((line) => line.length > SHORT_LINE)
    return (
      <ul className="plugin-lines" data-long={isLong || undefined}>
        {content.text.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    )
  }
  return (
    <table className="data-table">
      <thead>
        <tr>
          {content.columns.map((column, index) =>
            column === '' ? (
              <td key={index} />
            ) : (
              <th key={index} scope="col" className={numberClass(content.rows[0]?.[index])}>
                {column}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {content.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} className={numberClass(cell)}>
                {typeof cell === 'number' ? formatValue(cell) : cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const numberClass = (cell: string | number | undefined) =>
  typeof cell === 'number' ? 'number' : undefined
