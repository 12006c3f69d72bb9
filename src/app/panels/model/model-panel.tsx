// The model of the experiment: as a drawing where its graph is known, else as the tree of its modules.
import { Network, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ModelGraph } from '#protocol'
import { useEngineView } from '../../store/store.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatCount, plural } from '../../ui/format.ts'
import { late } from '../../ui/late.tsx'
import { ErrorView } from '../error-view.tsx'
import { describeModel, useModel } from './model-store.ts'
import { ModelTable } from './model-table.tsx'
import './model.css'

const ModelDrawing = late(async () => (await import('./model-drawing.tsx')).ModelDrawing)

/** The run whose model can be asked for, and how often it was changed. */
const useSubject = (): string | undefined =>
  useEngineView(({ run: { current } }) =>
    current?.state === 'running' || current?.state === 'paused'
      ? `${current.id} ${current.marks.length}`
      : undefined,
  )

export function ModelPanel() {
  const { graph, error, isBusy } = useModel()
  const subject = useSubject()
  const [isList, setList] = useState(false)
  useEffect(() => {
    if (subject !== undefined) void describeModel(subject)
  }, [subject])

  if (error && !isBusy) {
    return (
      <div className="model">
        <Bar isBusy={isBusy} />
        <div className="model-error">
          <ErrorView info={error} />
        </div>
      </div>
    )
  }
  if (!graph) {
    return (
      <EmptyState icon={<Network size={28} />} title="No model yet">
        <p>Its layers, shapes and numbers of parameters are shown here once it is built.</p>
        <Button disabled={isBusy} onClick={() => void describeModel()}>
          {isBusy ? 'Building the model…' : 'Build the model'}
        </Button>
      </EmptyState>
    )
  }
  const isGraph = graph.nodes.some(({ inputs }) => inputs.length > 0)
  return (
    <div className="model">
      <Bar graph={graph} isBusy={isBusy}>
        {isGraph ? (
          <Toggle isOn={isList} onChange={setList}>
            List
          </Toggle>
        ) : null}
      </Bar>
      {isGraph && !isList ? <ModelDrawing graph={graph} /> : <ModelTable graph={graph} />}
    </div>
  )
}

interface BarProps {
  graph?: ModelGraph
  isBusy: boolean
  children?: React.ReactNode
}

function Bar({ graph, isBusy, children }: BarProps) {
  return (
    <div className="panel-bar">
      {graph ? (
        <p className="model-name">
          <strong>{graph.name}</strong>{' '}
          <span className="panel-muted">
            {formatCount(graph.parameters)} parameters · {plural(graph.nodes.length, 'part')}
          </span>
        </p>
      ) : (
        <p className="model-name">The model could not be built.</p>
      )}
      {children}
      <IconButton
        label={isBusy ? 'Building the model' : 'Build the model anew'}
        icon={<RefreshCw size={15} className={isBusy ? 'model-busy' : ''} />}
        disabled={isBusy}
        onClick={() => void describeModel()}
      />
    </div>
  )
}
