// Work of a run on the device: as one program where that can be, else operation by operation.
import type * as tf from '@tensorflow/tfjs'
import type { CompiledWork, CompileReport, Precision, Repeatable } from '../host.ts'
import type { SourceLocation } from '#sdk'
import { CompileNotes, type NotedWork } from './compile-notes.ts'
import { RepeatNotes, type RunReason } from './repeat-notes.ts'
import type { Session } from './session.ts'

/** Kinds of work, each of which comes again and again. */
type Kind = NotedWork | 'rehearsal'

const mixed = '`training.precision` is mixed, but'

/** Of steps that are not compiled, so that nothing of them is stored in 16 bits. */
const whole = {
  off: inFloat32(`${mixed} \`device.compile\` is off: only compiled steps store values in 16 bits`),
  device: inFloat32(
    `${mixed} this device compiles no steps, which is where values are stored in 16 bits: WebGPU does`,
  ),
}

function inFloat32(message: string): CompileReport {
  return { pieces: [], reasons: [{ kind: 'float32', message }] }
}

export class Computing {
  readonly #env: Session['env']
  /** Of training steps. */
  readonly repeats = new RepeatNotes()
  readonly #notes: CompileNotes
  readonly #precision: Precision
  readonly #work = new Map<Kind, CompiledWork>()

  constructor({ env, id, experiment }: Pick<Session, 'env' | 'id' | 'experiment'>) {
    this.#env = env
    this.#precision = experiment.training.precision
    this.#notes = new CompileNotes(env, id, this.repeats)
  }

  /**
   * Runs `work`, which must not wait for anything. Resolves when what it computes is sent to the device. Values of
   * `inputs` differ from time to time, though they were made before.
   */
  async run<T>(kind: NotedWork, inputs: readonly tf.Tensor[], work: () => T): Promise<T> {
    const compiled = this.#compiled(kind)
    if (!compiled) {
      if (kind === 'step' && this.#precision === 'mixed') this.#notes.look(kind, this.#notMixed)
      return work()
    }
    const { value, done } = compiled.run(inputs, work)
    await done
    this.#notes.look(kind, compiled.report())
    return value
  }

  /** Whether it runs as one program where that can be. */
  get isCompiled(): boolean {
    const { device, compile } = this.#env
    return compile !== 'off' && device.compileWork !== undefined
  }

  get #notMixed(): CompileReport {
    return this.#env.device.compileWork ? whole.off : whole.device
  }

  /** What was computed last, where that can be done again without the code. */
  repeatable(kind: NotedWork): Repeatable | undefined {
    const compiled = this.#compiled(kind)
    const found = compiled?.repeatable
    if (!found) return undefined
    const again: Repeatable['again'] = (inputs, written) => {
      const left = found.again(inputs, written)
      if (typeof left !== 'string') this.#notes.look(kind, compiled.report())
      return left
    }
    return { ...found, again }
  }

  /**
   * What of it only the code can do again, where that is not `repeatable`; `assignedAt` tells where a variable was
   * assigned to.
   */
  obstacles(
    kind: NotedWork,
    assignedAt: (variable: string) => SourceLocation | undefined,
  ): readonly RunReason[] {
    const compiled = this.#compiled(kind)
    const { pieces = [], reasons = [] } = compiled?.report() ?? {}
    const placeIn = (stack: string | undefined) => this.#env.placesIn(stack ?? '')[0]
    const found = (compiled?.obstacles ?? []).map(
      ({ kind: how, message, stack, variable }): RunReason => ({
        kind: how,
        message: `the ${kind} ${message}`,
        location: variable === undefined ? placeIn(stack) : assignedAt(variable),
      }),
    )
    if (pieces.length === 1 && pieces[0]!.program) return found
    const message = `the ${kind} is not one program`
    const parts = reasons.map(({ message: why, stack }): RunReason => {
      return { kind: 'parts', message: `${message}: ${why}`, location: placeIn(stack) }
    })
    return [...found, ...(parts.length > 0 ? parts : [{ kind: 'parts' as const, message }])]
  }

  /** Runs `work` for its errors alone: what nobody reads is never computed. */
  try(work: () => void): void {
    const compiled = this.#compiled('rehearsal')
    if (compiled) compiled.run([], work)
    else work()
  }

  #compiled(kind: Kind): CompiledWork | undefined {
    if (!this.isCompiled) return undefined
    let work = this.#work.get(kind)
    if (!work) {
      // Only steps keep values for later: what validation tells is what the weights can do.
      const precision = kind === 'step' ? this.#precision : 'float32'
      work = this.#env.device.compileWork!({ precision })
      this.#work.set(kind, work)
    }
    return work
  }

  dispose(): void {
    this.#notes.flush()
    for (const work of this.#work.values()) work.dispose()
    this.#work.clear()
  }
}
