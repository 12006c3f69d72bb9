// Tells how work of a run is compiled: to the page whenever it changes, and once in the log why it is no program.
import { type EventData, MAX_PIECES, MAX_TEXT } from '#protocol'
import type { CompileReport } from '../host.ts'
import type { RunEnvironment } from './environment.ts'
import type { RepeatNotes, Repeats } from './repeat-notes.ts'

type Told = EventData<'run.compiled'>
type Reason = Told['reasons'][number]
export type NotedWork = Told['work']

/** Least time between two events about the same work, which may be done in another way each time. */
const PAUSE_MS = 500
/** The same where nothing but numbers of steps are new. */
const COUNT_PAUSE_MS = 2000
/** Steps that a reason has kept from being repeated before the log tells of it. */
const WORTH_A_LINE = 20
/** Most lines in the log of a run: the profiler has the rest. */
const MOST_LINES = 6

const subjects = { step: 'a training step', validation: 'a batch of the validation' } as const

const starts = {
  read: 'is compiled in parts',
  kernel: 'is compiled in parts',
  changing: 'runs kernel by kernel',
  refused: 'could not be compiled',
  unpacked: 'has more launches than it could have',
  float32: 'stores all values in float32',
} as const satisfies Record<Reason['kind'], string>

/** Faults of the compiler or the device, and settings that have no effect. */
const WARNINGS: ReadonlySet<Reason['kind']> = new Set(['refused', 'unpacked', 'float32'])

interface Noted {
  report: CompileReport
  /** When the page was told last, and of which report. */
  toldMs: number
  told: CompileReport | undefined
  /** Steps that were counted then. */
  toldSteps: number
}

export class CompileNotes {
  readonly #env: Pick<RunEnvironment, 'emit' | 'write' | 'placesIn' | 'now'>
  readonly #id: string
  /** Of training steps. */
  readonly #repeats: RepeatNotes | undefined
  readonly #noted = new Map<NotedWork, Noted>()
  readonly #logged = new Set<string>()

  constructor(
    env: Pick<RunEnvironment, 'emit' | 'write' | 'placesIn' | 'now'>,
    id: string,
    repeats?: RepeatNotes,
  ) {
    this.#env = env
    this.#id = id
    this.#repeats = repeats
  }

  /** Work was done; costs next to nothing when nothing is new. */
  look(work: NotedWork, report: CompileReport | undefined): void {
    if (!report) return
    let noted = this.#noted.get(work)
    if (!noted)
      this.#noted.set(work, (noted = { report, toldMs: -Infinity, told: undefined, toldSteps: 0 }))
    noted.report = report
    if (!this.#isNew(work, noted)) return
    const pauseMs = noted.told === report ? COUNT_PAUSE_MS : PAUSE_MS
    if (this.#env.now() - noted.toldMs >= pauseMs) this.#tell(work, noted)
  }

  #isNew(work: NotedWork, { told, report, toldSteps }: Noted): boolean {
    return told !== report || (work === 'step' && toldSteps !== (this.#repeats?.steps ?? 0))
  }

  /** Tells what is not told yet. */
  flush(): void {
    for (const [work, noted] of this.#noted) if (this.#isNew(work, noted)) this.#tell(work, noted)
  }

  #tell(work: NotedWork, noted: Noted): void {
    const { pieces, reasons } = noted.report
    noted.told = noted.report
    noted.toldMs = this.#env.now()
    const repeats = work === 'step' ? this.#repeats?.told() : undefined
    noted.toldSteps = repeats?.steps ?? 0
    const located = reasons.map(({ kind, message, stack }): Reason => {
      const source = stack === undefined ? undefined : this.#env.placesIn(stack)[0]
      return { kind, message: message.slice(0, MAX_TEXT), source }
    })
    this.#env.emit('run.compiled', {
      id: this.#id,
      work,
      pieces: pieces.slice(0, MAX_PIECES),
      reasons: located,
      ...(repeats && { repeats }),
    })
    for (const reason of located) this.#log(work, reason)
    if (repeats) this.#logRepeats(repeats)
  }

  /** Once, where the same keeps many steps from being repeated: they are right all the same, and slower. */
  #logRepeats({ reasons }: Repeats): void {
    const most = reasons[0]
    // What keeps a step from being one program is told by itself.
    if (!most || most.kind === 'parts' || most.steps < WORTH_A_LINE) return
    if (this.#logged.has('repeats')) return
    this.#logged.add('repeats')
    const message = `the code of training steps runs each time, which takes longer: ${most.message}`
    this.#env.write({ level: 'info', message, source: most.source })
  }

  /** Once for each place: what it says there may change with each step. */
  #log(work: NotedWork, { kind, message, source }: Reason): void {
    const place = source ? `${source.file}:${source.line}` : ''
    const key = `${work} ${kind} ${place || message}`
    if (this.#logged.has(key) || this.#logged.size === MOST_LINES) return
    this.#logged.add(key)
    const level = WARNINGS.has(kind) ? 'warn' : 'info'
    const text = `${subjects[work]} ${starts[kind]}: ${message}`
    this.#env.write({ level, message: text, source })
  }
}
