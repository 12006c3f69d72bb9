// Tables of where the time went: by phase, plugin, call and kernel.
import type { ReactNode } from 'react'
import { formatCount, formatDuration } from '../../ui/format.ts'
import type { PluginShare, Share } from './breakdown.ts'
import { goToCall } from './flame.tsx'

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`

export interface TimingRow {
  name: ReactNode
  calls: number
  meanMs: number
  maxMs: number
  totalMs: number
  /** Of the time of all steps, 0 to 1, where that is known. */
  share?: number
}

interface TimingTableProps {
  label: string
  heading: string
  rows: readonly TimingRow[]
}

/** How long calls took, a row each. In a narrow panel only mean and share, or total, are left. */
export function TimingTable({ label, heading, rows }: TimingTableProps) {
  const hasShares = rows.some(({ share }) => share !== undefined)
  const wide = 'number profile-wide'
  const totals = hasShares ? wide : 'number'
  return (
    <table className="data-table profile-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col" className={wide}>
            Calls
          </th>
          <th scope="col" className="number">
            Mean
          </th>
          <th scope="col" className={wide}>
            Longest
          </th>
          <th scope="col" className={totals}>
            Total
          </th>
          {hasShares ? (
            <th scope="col" className="number">
              Share
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, calls, meanMs, maxMs, totalMs, share }, index) => (
          <tr key={index}>
            <td>{name}</td>
            <td className={wide}>{formatCount(calls)}</td>
            <td className="number">{formatDuration(meanMs)}</td>
            <td className={wide}>{formatDuration(maxMs)}</td>
            <td className={totals}>{formatDuration(totalMs)}</td>
            {share === undefined ? null : <td className="number">{percent(share)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface ShareTableProps {
  label: string
  heading: string
  rows: readonly Share[]
  /** Steps of the recording. */
  steps: number
  nameOf?: (row: Share) => ReactNode
}

/** Means are of a step. */
export const ShareTable = ({
  rows,
  steps,
  nameOf = ({ name }) => name,
  ...texts
}: ShareTableProps) => (
  <TimingTable
    {...texts}
    rows={rows.map((row) => ({ ...row, name: nameOf(row), meanMs: row.totalMs / steps }))}
  />
)

export const phaseName = (row: Share): ReactNode => (
  <span className="phase-name">
    <span className="phase-dot" data-phase={row.name} aria-hidden="true" />
    {row.name}
  </span>
)

export function callName(row: Share): ReactNode {
  const { plugin, kind, name, tensors } = row as PluginShare
  return (
    <CallLink call={{ plugin, kind, name }}>
      {tensors > 0 && kind === 'hook' ? (
        <span className="hook-failures"> leaves {formatCount(tensors)} tensors</span>
      ) : null}
    </CallLink>
  )
}

interface CallLinkProps {
  call: Parameters<typeof goToCall>[0]
  children?: ReactNode
}

/** A call into a plugin by its name; leads to its source. */
export const CallLink = ({ call, children }: CallLinkProps) => (
  <button type="button" className="profile-call" onClick={() => void goToCall(call)}>
    <strong>{call.plugin}</strong> <code>{call.name}</code>
    {children}
  </button>
)
