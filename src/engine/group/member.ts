// One engine's place in a group, as whoever started the engines gives it.

/** What twins exchange at one of their meetings. */
export interface Message {
  /** The call that is made, in words; twins must make the same. */
  readonly call: string
  readonly value: unknown
}

/** A way to the other engines. */
export interface GroupMember {
  readonly rank: number
  readonly worldSize: number
  /**
   * The values that all ranks brought to the next meeting of `channel`, by rank, none of them shared with another.
   * Rejects when they made different calls, or when a rank has left.
   */
  meet(channel: string, message: Message): Promise<unknown[]>
}

/** An engine by itself. */
export const alone: GroupMember = {
  rank: 0,
  worldSize: 1,
  meet: (_channel, { value }) => Promise.resolve([value]),
}
