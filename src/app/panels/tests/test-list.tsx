// Test files and their tests: each leads to its line and can be run by itself; failed ones say why.
import {
  ChevronRight,
  Circle,
  CircleCheck,
  CircleMinus,
  CircleX,
  LoaderCircle,
  Play,
} from 'lucide-react'
import { useState } from 'react'
import type { TestPlace } from '#protocol'
import { goTo } from '../../shell/navigation.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format.ts'
import { ErrorView } from '../error-view.tsx'
import { nameOf, type TestFileRows, type TestRow, type TestState } from './test-tree.ts'

interface TestListProps {
  files: readonly TestFileRows[]
  /** Runs what a place names; absent while nothing can be run. */
  onRun: ((place: TestPlace) => void) | undefined
}

export function TestList({ files, onRun }: TestListProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const toggle = (file: string) =>
    setClosed((before) => {
      const next = new Set(before)
      if (!next.delete(file)) next.add(file)
      return next
    })
  return (
    <ul className="test-files" aria-label="Tests">
      {files.map(({ file, rows, isRunning }) => (
        <li key={file}>
          <div className="test-file">
            <button
              type="button"
              className="test-file-name"
              aria-expanded={!closed.has(file)}
              onClick={() => toggle(file)}
            >
              <ChevronRight size={13} className="test-chevron" aria-hidden="true" />
              {file}
              {isRunning ? <LoaderCircle size={13} className="spin" aria-label="running" /> : null}
            </button>
            <RunOne label={`Run ${file}`} place={{ file, names: [] }} onRun={onRun} />
          </div>
          {closed.has(file) ? null : <TestRows rows={rows} onRun={onRun} />}
        </li>
      ))}
    </ul>
  )
}

function TestRows({ rows, onRun }: { rows: readonly TestRow[]; onRun: TestListProps['onRun'] }) {
  if (rows.length === 0) {
    return <p className="test-note">Names of its tests are known once they have run.</p>
  }
  return (
    <ul>
      {rows.map((row) => (
        <TestItem key={row.key} row={row} onRun={onRun} />
      ))}
    </ul>
  )
}

function TestItem({ row, onRun }: { row: TestRow; onRun: TestListProps['onRun'] }) {
  const { place, source, state, outcome, isStale } = row
  const groups = place.names.slice(0, -1).join(' › ')
  return (
    <li className="test" data-state={state} data-stale={isStale || undefined}>
      <div className="test-row">
        <StateIcon state={state} isStale={isStale} />
        <button type="button" className="test-name" onClick={() => goTo(source)}>
          {groups === '' ? null : <span className="test-group">{groups} › </span>}
          {place.names.at(-1) ?? 'the file could not be run'}
        </button>
        <span className="test-time numeric">
          {outcome && outcome.state !== 'skipped' ? formatDuration(outcome.durationMs) : ''}
        </span>
        <RunOne label={`Run ${nameOf(place) || place.file}`} place={place} onRun={onRun} />
      </div>
      {outcome?.error ? (
        <div className="test-failure">
          <ErrorView info={outcome.error} />
          {outcome.difference === undefined ? null : <Difference text={outcome.difference} />}
        </div>
      ) : null}
    </li>
  )
}

function RunOne({
  label,
  place,
  onRun,
}: {
  label: string
  place: TestPlace
  onRun: TestListProps['onRun']
}) {
  return (
    <IconButton
      label={label}
      className="test-run"
      icon={<Play size={12} />}
      disabled={!onRun}
      onClick={() => onRun?.(place)}
    />
  )
}

const ICONS = {
  idle: Circle,
  running: LoaderCircle,
  passed: CircleCheck,
  failed: CircleX,
  skipped: CircleMinus,
} satisfies Record<TestState, unknown>

const WORDS = {
  idle: 'not run',
  running: 'running',
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
} satisfies Record<TestState, string>

function StateIcon({ state, isStale }: { state: TestState; isStale: boolean }) {
  const Icon = ICONS[state]
  const words = isStale ? `${WORDS[state]}, before the last edit` : WORDS[state]
  return (
    <span className="test-icon" title={words}>
      <Icon
        size={14}
        role="img"
        aria-label={words}
        className={state === 'running' ? 'spin' : undefined}
      />
    </span>
  )
}

const KINDS: Readonly<Record<string, string>> = { '-': 'expected', '+': 'received' }

/** Lines that were expected and that came. */
function Difference({ text }: { text: string }) {
  return (
    <div className="difference" role="group" aria-label="Difference" tabIndex={0}>
      <p className="difference-key">
        <span data-kind="expected">- expected</span> <span data-kind="received">+ received</span>
      </p>
      <pre>
        {text.split('\n').map((line, index) => (
          <span key={index} data-kind={KINDS[line[0] ?? '']}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  )
}
