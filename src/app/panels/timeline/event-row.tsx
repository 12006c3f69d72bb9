// One event in a line; a click leads to where it comes from, the arrow opens all that it carries.
import { ChevronRight } from 'lucide-react'
import type { EventRecord } from '#sdk'
import { jsonText } from '#workspace'
import { goTo } from '../../shell/navigation.ts'
import { ErrorView } from '../error-view.tsx'
import { FieldValues } from '../field-values.tsx'
import { goToPart } from '../plugin-source/go-to-part.ts'
import type { EventLine } from './event-text.ts'
import { lineOf } from './timeline-filter.ts'

interface EventRowProps {
  record: EventRecord
  time: string
  isOpen: boolean
  onToggle: () => void
}

export function EventRow({ record, time, isOpen, onToggle }: EventRowProps) {
  const line = lineOf(record)
  const { subject, text, end, tone, error, fields, from } = line
  const hasMore = error !== undefined || fields.length > 0
  const cells = (
    <>
      <span className="feed-time">{time}</span>
      <span className="feed-side">{subject}</span>
      <span className="feed-text">
        {text}
        <FieldValues fields={fields} />
      </span>
      <span className="feed-end">
        {error?.source ? (
          <span className="feed-source">
            {error.source.file.slice(error.source.file.lastIndexOf('/') + 1)}:{error.source.line}
          </span>
        ) : (
          <span className="feed-time">{end}</span>
        )}
      </span>
    </>
  )
  return (
    <>
      {hasMore ? (
        <button
          type="button"
          className="event-more"
          aria-label={isOpen ? 'Less' : 'More'}
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          <ChevronRight size={12} />
        </button>
      ) : (
        <span className="event-more" />
      )}
      {from === undefined ? (
        <div className="feed-row" data-tone={tone}>
          {cells}
        </div>
      ) : (
        <button type="button" className="feed-row" data-tone={tone} onClick={() => lead(from)}>
          {cells}
        </button>
      )}
      {isOpen ? (
        <div className="event-details">
          {error ? <ErrorView info={error} /> : <pre>{jsonText(record.data)}</pre>}
        </div>
      ) : null}
    </>
  )
}

function lead(from: NonNullable<EventLine['from']>): void {
  if ('file' in from) goTo(from)
  else void goToPart(from.plugin, from.subject, from.name)
}
