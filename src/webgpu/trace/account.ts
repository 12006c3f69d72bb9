// What became of a piece of work when it ran last, for people: programs, what runs kernel by kernel, and why.
import type { Plan } from '../plan/plan.ts'

/**
 * Why a piece of work is not one program: a tensor is read, a kernel has no compiled form, the calls are others each
 * time, the compiler or the device refused it; or why it has more launches than it could have.
 */
export type ReasonKind = 'read' | 'kernel' | 'changing' | 'refused' | 'unpacked'

export interface Reason {
  readonly kind: ReasonKind
  readonly message: string
  /** Where it happened, as an `Error` tells it. */
  readonly stack?: string | undefined
}

/** What of a piece of work only its code can do again, although it is one program. */
export interface Obstacle {
  /** It knows values; it does more than to compute. */
  readonly kind: 'reads' | 'does'
  readonly message: string
  readonly stack?: string | undefined
  /** Name of the variable that it happened to, last when it was assigned to. */
  readonly variable?: string
}

export interface ProgramReport {
  readonly launches: number
  /** Kernels of equal text share one. */
  readonly pipelines: number
  /** Until its pipelines were there; not known before. */
  readonly compileMs?: number
  /** Memory of values that nothing outlives, shared with all other programs. */
  readonly arenaBytes: number
  /** Where values may be stored in 16 bits: how many are, and what `arenaBytes` would be if none were. */
  readonly mixed?: { readonly values: number; readonly wholeBytes: number }
  /** Parameters and their state that lie side by side. */
  readonly packBytes: number
  /** Written anew in each run. */
  readonly uploadBytes: number
}

/** What was recorded in one go. */
export interface PieceReport {
  /** Kernels of tfjs that were called. */
  readonly kernels: number
  /** Absent where these run one by one. */
  readonly program?: ProgramReport
}

export interface WorkReport {
  /** In the order they ran. */
  readonly pieces: readonly PieceReport[]
  readonly reasons: readonly Reason[]
}

/** Most reasons or obstacles that are kept of a run: each costs a stack. */
const MOST_REASONS = 20

/** Notes one more. */
export function noteObstacle(obstacles: Obstacle[], find: () => Obstacle): void {
  if (obstacles.length < MOST_REASONS) obstacles.push(find())
}

/** Between the code that calls and the kernel lie many calls of tfjs's own. */
const FRAMES = 60

/** The stack as it is here; browsers that don't limit stacks give all of it. */
export function stackHere(): string | undefined {
  const limits = Error as { stackTraceLimit?: number }
  const { stackTraceLimit: before } = limits
  if (before === undefined) return new Error().stack
  limits.stackTraceLimit = FRAMES
  const { stack } = new Error()
  limits.stackTraceLimit = before
  return stack
}

export function describePlan(plan: Plan): ProgramReport {
  const sum = (sizes: readonly { readonly bytes: number }[]) =>
    sizes.reduce((all, { bytes }) => all + bytes, 0)
  return {
    launches: plan.launches.length,
    pipelines: new Set(plan.launches.map(({ shader }) => shader.code)).size,
    arenaBytes: plan.arenaBytes,
    ...(plan.mixed && {
      mixed: { values: plan.mixed.halves.size, wholeBytes: plan.mixed.wholeBytes },
    }),
    packBytes: sum(plan.packs),
    uploadBytes: plan.uploadBytes,
  }
}

export class Account {
  #pieces: PieceReport[] = []
  #reasons: Reason[] = []
  #report: WorkReport | undefined

  /** The work is recorded anew. */
  begin(): void {
    this.#pieces = []
    this.#reasons = []
  }

  reason(reason: Reason): void {
    if (this.#reasons.length < MOST_REASONS) this.#reasons.push(reason)
  }

  /** Notes with the place that calls why the work is in parts. */
  brokenBy(kind: 'read' | 'kernel', message: string): void {
    if (this.#reasons.length < MOST_REASONS) this.reason({ kind, message, stack: stackHere() })
  }

  /** A part of it runs. */
  piece(piece: PieceReport): void {
    this.#pieces.push(piece)
  }

  /** As it ran last; the same object as long as nothing is other than the time before. */
  get report(): WorkReport | undefined {
    const [pieces, reasons] = [this.#pieces, this.#reasons]
    if (pieces.length === 0) return undefined
    const before = this.#report
    const isSame =
      before !== undefined &&
      isEqual(before.pieces, pieces, samePiece) &&
      isEqual(before.reasons, reasons, sameReason)
    return isSame ? before : (this.#report = { pieces: [...pieces], reasons: [...reasons] })
  }
}

/** A program is told of by one object. */
const samePiece = (a: PieceReport, b: PieceReport): boolean =>
  a.kernels === b.kernels && a.program === b.program

const sameReason = (a: Reason, b: Reason): boolean =>
  a.kind === b.kind && a.message === b.message && a.stack === b.stack

const isEqual = <T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((each, i) => isSame(each, b[i]!))
