// A view that a plugin describes as data, drawn by its type; pictures can be read as tables too.
import { PanelsTopLeft } from 'lucide-react'
import { useState } from 'react'
import type { ShownContent } from '#sdk'
import { useEngineView } from '../../store/store.ts'
import { Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { tableOf } from './as-table.ts'
import { BarView, GraphView, LineView } from './drawn-views.tsx'
import { HistogramView } from './histogram-view.tsx'
import { ImagesView } from './images-view.tsx'
import { MatrixView } from './matrix-view.tsx'
import { ScatterView } from './scatter-view.tsx'
import { TableView } from './table-view.tsx'
import { TextView } from './text-view.tsx'
import '../panels.css'
import { StartRun } from '../../session/start-run.tsx'
import './plugin-panel.css'

export function PluginPanelView({ id }: { id: string }) {
  const panel = useEngineView(({ panels }) => panels[id])
  const [isTable, setTable] = useState(false)
  if (!panel?.content) return <NothingYet plugin={panel?.plugin} />
  const { content, isGone } = panel
  const isPicture = !('text' in content || ('columns' in content && 'rows' in content))
  return (
    <div className="plugin-panel" tabIndex={0}>
      {content.caption === undefined && !isPicture ? null : (
        <div className="plugin-panel-head">
          <p className="plugin-panel-caption">{content.caption}</p>
          {isPicture ? (
            <Toggle isOn={isTable} onChange={setTable}>
              Table
            </Toggle>
          ) : null}
        </div>
      )}
      {isGone ? <p className="plugin-panel-caption">Last shown; its plugin is down.</p> : null}
      {isTable && isPicture ? <TableView {...tableOf(content)} /> : <Content content={content} />}
    </div>
  )
}

/** What a plugin says of itself tells what will be here, and when. */
function NothingYet({ plugin }: { plugin: string | undefined }) {
  const about = useEngineView(
    ({ engine }) => engine.plugins.find(({ manifest }) => manifest.name === plugin)?.manifest,
  )
  return (
    <EmptyState icon={<PanelsTopLeft size={28} />} title="Nothing shown yet">
      {plugin === undefined ? (
        <>
          <p>A plugin fills this panel while it runs.</p>
          <StartRun />
        </>
      ) : (
        <>
          <p>The plugin {plugin} fills this panel while it runs.</p>
          {about?.description ? <p>{about.description.replace(/\.?$/, '.')}</p> : null}
          <p>If it stays empty, the console says why.</p>
        </>
      )}
    </EmptyState>
  )
}

function Content({ content }: { content: ShownContent }) {
  if ('text' in content) return <TextView lines={content.text} />
  if ('histograms' in content) return <HistogramView {...content} />
  if ('matrices' in content) return <MatrixView {...content} />
  if ('images' in content) return <ImagesView {...content} />
  if ('lines' in content) return <LineView {...content} />
  if ('bars' in content) return <BarView {...content} />
  if ('nodes' in content) return <GraphView {...content} />
  if ('x' in content) return <ScatterView {...content} />
  return <TableView {...content} />
}
