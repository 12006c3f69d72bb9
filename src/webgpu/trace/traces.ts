// What is known of one piece of work that is recorded again and again, such as the training step.
import type { Program } from '../run/program.ts'
import { Account, type Obstacle, type ProgramReport } from './account.ts'
import { generalise } from './generalise.ts'
import type { Replay } from './replay.ts'
import type { Recording } from './recording.ts'
import type { Trace } from './trace.ts'

/** A program for one trace and one choice of what is kept; or why there is none. */
export interface Compiled {
  readonly program: Program | undefined
  /** Until its pipelines are there. */
  ready?: Promise<void> | undefined
  report?: ProgramReport
  /** Why it runs kernel by kernel. */
  failure?: string
  /** Why its parameters are updated one by one. */
  readonly unpacked?: string | undefined
}

/** One trace and its programs. */
export interface Known {
  readonly trace: Trace
  /** By `keptKey`. */
  readonly compiled: Map<string, Compiled>
  uses: number
}

export interface Settled {
  readonly known: Known
  /** Data of the trace's externals. */
  readonly ids: readonly object[]
  /** False when too much is new each time: compiling would take longer than it saves. */
  readonly isWorthCompiling: boolean
}

/** Most traces that are remembered; each holds shaders and memory for uploads. */
const MOST = 24
/** Most programs that ran only once before a trace has to come twice to be compiled. */
const MOST_SINGLE = 4

export class Traces {
  readonly account = new Account()
  /** Of the last recording, if it can run again by itself. */
  replay: Replay | undefined
  /** Why it can't, though it is one program. */
  obstacles: Obstacle[] = []
  /** Data of the inputs of the last recording. */
  inputs: readonly object[] = []
  readonly #flush: () => void
  readonly #known: Known[] = []
  /** Of the last time, piece by piece. */
  #last: Trace[] = []
  #current: Trace[] = []

  /** `flush` sends all commands that were encoded so far. */
  constructor(
    flush: () => void,
    /** Of its programs, as a plan has it. */
    readonly halveFrom?: number,
  ) {
    this.#flush = flush
  }

  /** A new recording of the whole begins. */
  begin(): void {
    this.account.begin()
    this.replay = undefined
    this.obstacles = []
    this.#last = this.#current
    this.#current = []
  }

  /** What the next piece is expected to be. */
  get guide(): Trace | undefined {
    return this.#last[this.#current.length] ?? this.#known.at(-1)?.trace
  }

  /** Finds or remembers what was recorded. */
  settle(recording: Recording): Settled {
    const { repeated } = recording
    const known = repeated && this.#known.find(({ trace }) => trace === repeated)
    const found = known ? { known, ids: recording.ids } : this.#meet(recording)
    found.known.uses++
    this.#current.push(found.known.trace)
    return { ...found, isWorthCompiling: found.known.uses > 1 || this.#singles < MOST_SINGLE }
  }

  get #singles(): number {
    return this.#known.filter(({ uses, compiled }) => uses === 1 && compiled.size > 0).length
  }

  /** Notes how what was recorded runs, and why it is no program, or not all that it could be. */
  ran({ calls, difference }: Recording, compiled: Compiled | undefined): void {
    const { account } = this
    if (!compiled) {
      const others = `${MOST_SINGLE} others came only once, so this one is compiled when it comes again`
      const message = difference ? `${difference.message}; ${others}` : others
      account.reason({ kind: 'changing', message, stack: difference?.stack })
    } else if (compiled.failure !== undefined)
      account.reason({ kind: 'refused', message: compiled.failure })
    else if (compiled.unpacked !== undefined)
      account.reason({ kind: 'unpacked', message: compiled.unpacked })
    account.piece({
      kernels: calls.length,
      ...(compiled?.report && compiled.failure === undefined && { program: compiled.report }),
    })
  }

  #meet(recording: Recording): Omit<Settled, 'isWorthCompiling'> {
    for (const [i, known] of this.#known.entries()) {
      const general = generalise(known.trace, recording)
      if (!general) continue
      if (general.trace === known.trace) return { known, ids: general.ids }
      this.#forget(i)
      return { known: this.#remember(general.trace), ids: general.ids }
    }
    const { calls, externals, ids } = recording
    return { known: this.#remember({ calls, externals }), ids }
  }

  #remember(trace: Trace): Known {
    if (this.#known.length >= MOST) this.#forget(0)
    const known: Known = { trace, compiled: new Map<string, Compiled>(), uses: 0 }
    this.#known.push(known)
    return known
  }

  #forget(index: number): void {
    const [gone] = this.#known.splice(index, 1)
    if (this.replay?.recorded.trace === gone!.trace) this.replay = undefined
    // Commands that read the memory of its programs may wait to be sent.
    this.#flush()
    for (const { program } of gone!.compiled.values()) program?.dispose()
  }

  dispose(): void {
    while (this.#known.length > 0) this.#forget(0)
  }
}
