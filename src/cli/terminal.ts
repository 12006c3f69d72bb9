// Shows a run to people: in a terminal one line that is written anew, elsewhere a line now and then.
import type { EngineEvent } from '#protocol'
import type { Files } from '#workspace'
import type { Io } from './io.ts'
import { logText } from './log-lines.ts'
import { formatProblems } from './problems.ts'
import { progressLine, type RunSummary } from './run-text.ts'

const TERMINAL_INTERVAL_MS = 100
const PLAIN_INTERVAL_MS = 5000

export class TerminalView {
  readonly #io: Io
  readonly #files: Files
  readonly #metrics = new Map<string, number>()
  readonly summary: RunSummary = {
    begin: undefined,
    progress: undefined,
    metrics: this.#metrics,
  }
  #shownAt = -Infinity
  /** The progress that was written last. */
  #shown = ''
  #hasStatus = false

  /** `files` are those that the places of errors mean. */
  constructor(io: Io, files: Files) {
    this.#io = io
    this.#files = files
  }

  show(event: EngineEvent): void {
    switch (event.type) {
      case 'run.begin':
        this.summary.begin = event.data
        this.#line(
          `${event.data.name}: ${event.data.parameterCount} parameters, ${event.data.trainRows} rows to train on, ` +
            `${event.data.validationRows} to validate, seed ${event.data.seed}`,
        )
        break
      case 'run.metrics':
        for (const { values } of event.data.points) {
          for (const [name, value] of Object.entries(values)) this.#metrics.set(name, value)
        }
        this.#progress()
        break
      case 'run.progress':
        this.summary.progress = event.data
        this.#progress()
        break
      case 'run.state':
        if (event.data.state === 'preparing' && event.data.activity)
          this.#status(event.data.activity)
        break
      case 'run.checkpoint':
        this.#line(`checkpoint ${event.data.name} at step ${event.data.step}`)
        break
      case 'run.reference':
        this.#line(`${event.data.label}: ${event.data.metric} ${event.data.value.toFixed(4)}`)
        break
      case 'log':
        this.#clear()
        this.#io.out.write(logText(event, this.#io.out))
        break
      case 'hook.failed':
      case 'error.uncaught':
        this.#clear()
        this.#io.err.write(
          formatProblems({ problems: [event.data.error], files: this.#files }, this.#io.err),
        )
        break
      default:
    }
  }

  /** Takes the status line away, so that something else can be written. */
  end(): void {
    this.#clear()
  }

  #progress(): void {
    const { out } = this.#io
    const now = performance.now()
    const interval = out.isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS
    const text = now - this.#shownAt >= interval ? progressLine(this.summary) : undefined
    if (text === undefined || text === this.#shown) return
    this.#shownAt = now
    this.#shown = text
    if (out.isTerminal) this.#status(text)
    else out.write(`${text}\n`)
  }

  #line(text: string): void {
    this.#clear()
    this.#io.out.write(`${text}\n`)
  }

  #status(text: string): void {
    const { out } = this.#io
    if (!out.isTerminal) return
    this.#clear()
    out.write(text.slice(0, out.columns - 1))
    this.#hasStatus = true
  }

  #clear(): void {
    if (this.#hasStatus) this.#io.out.write('\r\u001B[2K')
    this.#hasStatus = false
  }
}
