// Tables of where the time went: by phase, plugin, call and kernel.
import type { ReactNode } from 'react'
import { formatCount, formatDuration } from '../../ui/format.ts'
import type { PluginShare, Share } from './breakdown.ts'
import { goToCall } from './flame.tsx'

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`

interface ShareTableProps {
  label: string
  heading: string
  rows: readonly Share[]
  /** Steps of the recording. */
  steps: number
  nameOf?: (row: Share) => ReactNode
}

/** Means are of a step. */
export function ShareTable({ label, heading, rows, steps, nameOf = name }: ShareTableProps) {
  return (
    <table className="data-table profile-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col" className="number profile-wide">
            Calls
          </th>
          <th scope="col" className="number">
            Mean
          </th>
          <th scope="col" className="number profile-wide">
            Longest
          </th>
          <th scope="col" className="number profile-wide">
            Total
          </th>
          <th scope="col" className="number">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <td>{nameOf(row)}</td>
            <td className="number profile-wide">{formatCount(row.calls)}</td>
            <td className="number">{formatDuration(row.totalMs / steps)}</td>
            <td className="number profile-wide">{formatDuration(row.maxMs)}</td>
            <td className="number profile-wide">{formatDuration(row.totalMs)}</td>
            <td className="number">{percent(row.share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const name = (row: Share): ReactNode => row.name

export const phaseName = (row: Share): ReactNode => (
  <span className="phase-name">
    <span className="phase-dot" data-phase={row.name} aria-hidden="true" />
    {row.name}
  </span>
)

export function callName(row: Share): ReactNode {
  const { plugin, kind, name: call, tensors } = row as PluginShare
  return (
    <button
      type="button"
      className="profile-call"
      onClick={() => void goToCall({ plugin, kind, name: call })}
    >
      <strong>{plugin}</strong> <code>{call}</code>
      {tensors > 0 && kind === 'hook' ? (
        <span className="hook-failures"> leaves {formatCount(tensors)} tensors</span>
      ) : null}
    </button>
  )
}
