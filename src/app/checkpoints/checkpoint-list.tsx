// The checkpoints of this workspace, newest first: to go on from, to download, to delete.
import { Play, Trash2 } from 'lucide-react'
import { useStore } from 'zustand'
import { useIsEnabled } from '../actions/action.ts'
import { canRunInstead } from '../session/can-run.ts'
import { session } from '../session/page-session.ts'
import { DamagedNotice } from '../storage/damaged-notice.tsx'
import { isActive } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formatBytes, formatCount, formatTime, formatValue } from '../ui/format.ts'
import {
  addCheckpoints,
  checkpointAction,
  openCheckpointAction,
  resumeText,
} from './checkpoint-actions.ts'
import { type CheckpointEntry, checkpoints, isOpen, moreEpochs, useCheckpoints } from './index.ts'
import { DownloadMenu } from './download-menu.tsx'
import './checkpoints.css'

export function CheckpointList() {
  const entries = useCheckpoints((state) => state.entries)
  const refusal = useCheckpoints((state) => state.refusal)
  const damaged = useCheckpoints((state) => state.damaged)
  const canSave = useIsEnabled(checkpointAction)
  const isOver = entries.some((entry) => !isOpen(entry))
  return (
    <section
      className="checkpoints"
      aria-label="Checkpoints"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void addCheckpoints(event.dataTransfer.files)
      }}
    >
      <header className="checkpoints-head">
        <h2>
          Checkpoints <span className="count">{entries.length}</span>
        </h2>
        <Button disabled={!canSave} onClick={() => checkpointAction.run()}>
          Take one
        </Button>
        <Button onClick={() => openCheckpointAction.run()}>Open file</Button>
      </header>
      {refusal === undefined ? null : (
        <p className="checkpoints-refusal" role="status">
          This browser does not keep them ({refusal}). The newest stay in this tab: download what
          you need before you close it.
        </p>
      )}
      <DamagedNotice
        what="checkpoint"
        records={damaged}
        onDelete={() => checkpoints.removeDamaged()}
      />
      {isOver ? <MoreEpochs /> : null}
      <ul>
        {entries.map((entry) => (
          <Entry key={`${entry.run} ${entry.name}`} entry={entry} />
        ))}
      </ul>
    </section>
  )
}

function MoreEpochs() {
  const count = useStore(moreEpochs, (state) => state.count)
  return (
    <label className="checkpoints-more">
      Continue ended runs for
      <input
        type="number"
        min={1}
        max={100_000}
        value={count}
        onChange={({ target }) => {
          const value = Math.trunc(target.valueAsNumber)
          if (value >= 1) moreEpochs.setState({ count: value })
        }}
      />
      more {count === 1 ? 'epoch' : 'epochs'}
    </label>
  )
}

const going = { isEnabled: canRunInstead }

/** The one metric that tells most of a checkpoint. */
function metricOf({ metrics }: CheckpointEntry): string | undefined {
  const name = ['val_loss', 'loss'].find((each) => metrics[each] !== undefined)
  return name && `${name} ${formatValue(metrics[name]!)}`
}

function Entry({ entry }: { entry: CheckpointEntry }) {
  const { name, step, epoch, sizeBytes, savedAt } = entry
  const canGoOn = useIsEnabled(going)
  const isOn = useEngineView(({ run }) => isActive(run.current))
  const count = useStore(moreEpochs, (state) => state.count)
  const facts = [`step ${formatCount(step)}`, `epoch ${formatCount(epoch)}`, metricOf(entry)]
  const more = isOpen(entry) ? undefined : count
  const goOn =
    more === undefined
      ? resumeText(entry)
      : `Continue for ${more} more ${more === 1 ? 'epoch' : 'epochs'}`
  return (
    <li className="checkpoint">
      <div className="checkpoint-text">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <p className="checkpoint-facts numeric">{facts.filter(Boolean).join(' · ')}</p>
        <p className="checkpoint-facts numeric">
          {formatBytes(sizeBytes)} · {formatTime(savedAt).slice(0, 8)}
        </p>
      </div>
      <IconButton
        label={`${goOn} (${name})${isOn ? '; ends the run that is on' : ''}`}
        icon={<Play size={14} />}
        disabled={!canGoOn}
        onClick={() => void session.goOn(entry, more === undefined ? {} : { moreEpochs: more })}
      />
      <DownloadMenu entry={entry} />
      <IconButton
        label={`Delete ${name} of step ${step}`}
        icon={<Trash2 size={14} />}
        onClick={() => void checkpoints.remove(entry)}
      />
    </li>
  )
}
