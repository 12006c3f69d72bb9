// Which tab may change a workspace: the one that holds its lock, which the browser frees when that tab ends.

/** What tabs say to each other about a workspace. */
export type HoldMessage = { kind: 'take-over'; id: string } | { kind: 'released'; id: string }

export type Holder = 'here' | 'asking' | 'elsewhere'

export interface HoldEvents {
  /** Called with who holds the workspace that is followed, at each change of it, and who did before. */
  onHolder(holder: Holder, before: Holder): void
  /** Reads what other tabs stored, before this one may change it. */
  beforeHold(): Promise<void>
  /** Stores what is not stored yet, before another tab gets it. */
  beforeRelease(): Promise<void>
  tell(message: HoldMessage): void
}

export interface Hold {
  /** Asks for a workspace, and lets the one before go. */
  follow(id: string | undefined): void
  /** Takes it from the tab that has it, with that tab's edits; at once where that tab does not answer. */
  takeOver(): Promise<void>
  receive(message: HoldMessage): void
}

/** After this it is told that another tab has it: a reload takes a moment to let go. */
const ASKING_MS = 700
/** Longest wait for the other tab to store its edits. */
const ANSWER_MS = 2_000

type Locks = Pick<LockManager, 'request' | 'query'>

const lockOf = (id: string): string => `plugboard.workspace.${id}`

export function holdWorkspace(
  locks: Locks,
  events: HoldEvents,
  { askingMs = ASKING_MS, answerMs = ANSWER_MS } = {},
): Hold {
  let id: string | undefined
  /** Ends the request or hold that is current. */
  let leave = (): void => undefined
  let holder: Holder = 'asking'
  let onReleased: (() => void) | undefined

  const become = (next: Holder): void => {
    if (holder === next) return
    const before = holder
    holder = next
    events.onHolder(next, before)
  }

  /** Asks for the lock until it is left; `steal` takes it from whoever has it. */
  function ask(wanted: string, steal = false): void {
    const ending = new AbortController()
    const { signal } = ending
    let isTaken = false
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const timer = setTimeout(() => void confirm(), askingMs)
    // A busy page hears late that it has the lock: only one that still waits for it has not.
    const confirm = async (): Promise<void> => {
      const { pending = [] } = await locks.query()
      const isWaiting = pending.some(({ name }) => name === lockOf(wanted))
      if (isWaiting && !isTaken && !signal.aborted) become('elsewhere')
    }
    leave = () => {
      clearTimeout(timer)
      release()
      ending.abort()
    }
    const held = async (): Promise<void> => {
      isTaken = true
      clearTimeout(timer)
      if (signal.aborted) return
      if (holder === 'elsewhere') await events.beforeHold().catch(() => undefined)
      if (!signal.aborted) become('here')
      await released
    }
    // A request that steals takes no signal; it does not wait either.
    const options = steal ? { steal } : { signal }
    locks.request(lockOf(wanted), options, held).catch(() => {
      if (signal.aborted || id !== wanted) return
      // Stolen, or refused by a browser without the right to locks: then there is nobody to ask.
      if (!isTaken) return become('here')
      become('elsewhere')
      if (id === wanted) ask(wanted)
    })
  }

  async function release(wanted: string): Promise<void> {
    await events.beforeRelease().catch(() => undefined)
    if (id !== wanted) return
    become('elsewhere')
    leave()
    events.tell({ kind: 'released', id: wanted })
    // Waits its turn, for the case that the other tab is closed.
    ask(wanted)
  }

  return {
    follow(next) {
      if (next === id) return
      leave()
      id = next
      holder = 'asking'
      events.onHolder(holder, holder)
      if (next !== undefined) ask(next)
    },
    async takeOver() {
      const wanted = id
      if (wanted === undefined || holder !== 'elsewhere') return
      const answer = new Promise<void>((resolve) => (onReleased = resolve))
      events.tell({ kind: 'take-over', id: wanted })
      await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, answerMs))])
      if (id !== wanted || (holder as Holder) === 'here') return
      leave()
      ask(wanted, true)
    },
    receive(message) {
      if (message.id !== id) return
      if (message.kind === 'released') onReleased?.()
      else if (holder === 'here') void release(message.id)
    },
  }
}
