// Where the engines of a group meet: whoever started them keeps it, and passes on what they bring.
import { EngineError } from '#sdk'
import type { GroupMember, Message } from './member.ts'

interface Seat {
  readonly message: Message
  readonly resolve: (values: unknown[]) => void
  readonly reject: (error: EngineError) => void
}

/** One meeting of twins, until all have come. */
type Meeting = Map<number, Seat>

export class MeetingPlace {
  readonly worldSize: number
  /** Meetings that are not complete, by channel, first ones first. */
  readonly #channels = new Map<string, Meeting[]>()
  readonly #gone = new Map<number, string>()

  constructor(worldSize: number) {
    this.worldSize = worldSize
  }

  /** The place of a rank whose engine lives in this thread. */
  member(rank: number): GroupMember {
    const { worldSize } = this
    return { rank, worldSize, meet: (channel, message) => this.meet(rank, channel, message) }
  }

  /** A rank comes to its next meeting of a channel. */
  meet(rank: number, channel: string, message: Message): Promise<unknown[]> {
    const meetings = this.#channels.get(channel) ?? []
    this.#channels.set(channel, meetings)
    let meeting = meetings.find((it) => !it.has(rank))
    if (!meeting) meetings.push((meeting = new Map()))
    const joined = meeting
    return new Promise((resolve, reject) => {
      joined.set(rank, { message, resolve, reject })
      this.#settle(channel, joined)
    })
  }

  /** A rank will come to no further meeting: those that wait for it need not. */
  leave(rank: number, reason: string): void {
    if (this.#gone.has(rank)) return
    this.#gone.set(rank, reason)
    for (const [channel, meetings] of this.#channels)
      for (const meeting of meetings.slice()) this.#settle(channel, meeting)
  }

  #settle(channel: string, meeting: Meeting): void {
    const isComplete = meeting.size === this.worldSize
    const absent = [...this.#gone].find(([rank]) => !meeting.has(rank))
    if (!isComplete && !absent) return
    const meetings = this.#channels.get(channel)!
    meetings.splice(meetings.indexOf(meeting), 1)
    const seats = [...meeting].toSorted(([a], [b]) => a - b)
    const error = isComplete ? mismatch(channel, seats) : left(channel, seats, absent!)
    for (const [, { resolve, reject }] of seats) {
      if (error) reject(error)
      // A copy for each: nobody sees what another does to it.
      else resolve(seats.map(([, { message }]) => structuredClone(message.value)))
    }
  }
}

function mismatch(channel: string, seats: [number, Seat][]): EngineError | undefined {
  const [[, first]] = seats as [[number, Seat]]
  const other = seats.find(([, { message }]) => message.call !== first.message.call)
  if (!other) return undefined
  return new EngineError({
    code: 'group.mismatch',
    plugin: channel,
    message: `${channel} calls ${first.message.call} on rank ${seats[0]![0]}, but ${other[1].message.call} on rank ${other[0]}`,
    hint: 'make the same calls in the same order on every rank; only what is passed may differ',
  })
}

function left(
  channel: string,
  seats: [number, Seat][],
  [rank, reason]: [number, string],
): EngineError {
  return new EngineError({
    code: 'group.left',
    plugin: channel,
    message: `${channel} waits in ${seats[0]![1].message.call} for rank ${rank}, which is gone: ${reason}`,
    hint: 'look at what that rank says; a run of several ranks ends with the first that fails',
  })
}
