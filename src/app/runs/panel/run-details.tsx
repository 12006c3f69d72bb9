// One run: its name, tags and notes, what it was, and what its metrics came to.
import { Play, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { type RunEntry, runTitle } from '#workspace'
import { useIsEnabled } from '../../actions/action.ts'
import { canRunInstead } from '../../session/can-run.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount, formatDuration, formatValue } from '../../ui/format.ts'
import { tagText } from '../columns.ts'
import { addTag, deleteRuns, removeTag, renameRun, restartFrom, writeNotes } from '../commands.ts'
import { runsView } from '../runs-view.ts'
import { startedText, StateMark } from './cell.tsx'

const canRestart = { isEnabled: canRunInstead }

export function RunDetailsView({ entry }: { entry: RunEntry }) {
  const { id, name, notes, message, state } = entry
  const isReady = useIsEnabled(canRestart)
  return (
    <section className="run-details" aria-label={`Details of ${runTitle(entry)}`}>
      <header>
        <Field
          key={`name ${id} ${name}`}
          label="Name"
          value={name}
          placeholder={runTitle(entry)}
          onChange={(next) => renameRun(id, next)}
        />
        <IconButton
          label="Close details"
          icon={<X size={15} />}
          onClick={() => runsView.setState({ opened: undefined })}
        />
      </header>
      <p>
        <StateMark state={state} /> {message}
      </p>
      <div className="run-details-actions">
        <Button icon={<Play size={14} />} disabled={!isReady} onClick={() => void restartFrom(id)}>
          Run again with this config
        </Button>
        <IconButton
          label={`Delete ${runTitle(entry)}`}
          icon={<Trash2 size={14} />}
          disabled={state === 'running'}
          onClick={() => deleteRuns([id])}
        />
      </div>
      <Tags entry={entry} />
      <label className="run-details-notes">
        Notes
        <textarea
          key={`notes ${id}`}
          className="field"
          rows={3}
          defaultValue={notes}
          onBlur={({ target }) => target.value !== notes && writeNotes(id, target.value)}
        />
      </label>
      <Facts entry={entry} />
      <Metrics entry={entry} />
    </section>
  )
}

interface FieldProps {
  label: string
  value: string
  placeholder: string
  onChange: (value: string) => void
}

function Field({ label, value, placeholder, onChange }: FieldProps) {
  return (
    <input
      className="field"
      type="text"
      aria-label={label}
      placeholder={placeholder}
      defaultValue={value}
      maxLength={100}
      onBlur={({ target }) => target.value !== value && onChange(target.value)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
    />
  )
}

function Tags({ entry: { id, tags } }: { entry: RunEntry }) {
  const [text, setText] = useState('')
  return (
    <div className="runs-tags run-details-tags" role="group" aria-label="Tags">
      {Object.entries(tags).map(([tag, value]) => (
        <span key={tag} className="runs-tag">
          {tagText(tag, value)}
          <button
            type="button"
            aria-label={`Remove tag ${tag}`}
            onClick={() => removeTag([id], tag)}
          >
            <X size={11} />
          </button>
        </span>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          addTag([id], text)
          setText('')
        }}
      >
        <input
          className="field"
          type="text"
          aria-label="Add a tag"
          placeholder="Add a tag, or name: value"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </form>
    </div>
  )
}

function Facts({ entry }: { entry: RunEntry }) {
  const { setup, device, startedAt, endedAt, step, totalSteps, files } = entry
  const facts: [string, string | undefined][] = [
    ['Started', startedText(startedAt)],
    ['Duration', endedAt === undefined ? undefined : formatDuration(endedAt - startedAt)],
    ['Step', `${formatCount(step)} of ${formatCount(totalSteps)}`],
    ['Experiment', setup && `${setup.name}, seed ${setup.seed}`],
    ['Parameters', setup && formatCount(setup.parameterCount)],
    ['Rows', setup && `${formatCount(setup.trainRows)} + ${formatCount(setup.validationRows)}`],
    ['Device', device],
    ['Went on from', setup?.resumed && `step ${formatCount(setup.resumed.step)}`],
    ['Files', files],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value ? (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}

function Metrics({ entry: { metrics } }: { entry: RunEntry }) {
  if (Object.keys(metrics).length === 0) return <p className="panel-muted">No metrics.</p>
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th>Metric</th>
          {['Last', 'Least', 'Greatest'].map((title) => (
            <th key={title} className="number">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Object.entries(metrics).map(([name, { last, min, minStep, max, maxStep }]) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="number">{formatValue(last)}</td>
            <td className="number" title={`at step ${minStep}`}>
              {formatValue(min)}
            </td>
            <td className="number" title={`at step ${maxStep}`}>
              {formatValue(max)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
