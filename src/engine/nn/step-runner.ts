// Runs training steps: their code, or what it computed before once more, where the code could do nothing else.
import type * as tf from '@tensorflow/tfjs'
import { keyBelow, keyRecipe, type KeyRecipe, type Random } from '#sdk'
import type { Repeatable } from '../host.ts'
import { type Noted, noteStep, StepState } from '../step-state/index.ts'
import type { Computing } from './computing.ts'
import type { RunEnvironment } from './environment.ts'
import type { Parts } from './parts.ts'
import type { RunReason } from './repeat-notes.ts'
import { type StepInput, type StepResult, trainStep } from './step.ts'
import { stepRoots } from './step-roots.ts'

/** Steps in vain, in a row, after which fewer and fewer are looked at: each costs some milliseconds. */
const PATIENCE = 4
/** Most steps from one that is looked at to the next. */
const MOST_SKIPPED = 64
/** Repetitions after which a change of state is nothing that happens all the time. */
const ENOUGH = 16

/** A step that ran as one program, with nothing else that it did. */
interface Recorded {
  readonly program: object
  /** Random keys by how they are drawn; the rest is written again as it was. */
  readonly written: readonly (KeyRecipe | ArrayLike<number>)[]
  readonly observed: string
  readonly result: Omit<StepResult, 'values'>
  /** Counts the calls of handlers once more: they take part in a step that is repeated. */
  readonly countAgain: () => void
}

export class StepRunner {
  readonly #env: Pick<RunEnvironment, 'stepCode' | 'callers' | 'placesIn' | 'countCalls'>
  readonly #computing: Computing
  #parts: Parts | undefined
  #state: StepState | undefined
  /** The last step, if it can be repeated as far as that one tells. */
  #last: Recorded | undefined
  /** Whether the step before that did the same. */
  #isSure = false
  #inVain = 0
  #skip = 0
  #repeated = 0
  /** Whether the step that was looked at last changed state. */
  #hasChanged = false
  /** Why the step that is to run cannot be repeated. */
  #why: readonly RunReason[] = []

  constructor(
    env: Pick<RunEnvironment, 'stepCode' | 'callers' | 'placesIn' | 'countCalls'>,
    computing: Computing,
  ) {
    this.#env = env
    this.#computing = computing
  }

  /** Resolves when all of the step is sent to the device. */
  async run(input: StepInput): Promise<StepResult> {
    if (input.parts !== this.#parts) {
      const { parts } = input
      this.#parts = parts
      this.#state = undefined
      this.#last = undefined
    }
    const inputs = [
      input.learningRate,
      ...Object.values(input.scalars),
      ...input.observed.given.values(),
      ...input.batches.flatMap((batch) => Object.values(batch)),
    ]
    this.#why = []
    return this.#repeat(input, inputs) ?? this.#record(input, inputs)
  }

  #repeat(input: StepInput, inputs: readonly tf.Tensor[]): StepResult | undefined {
    const last = this.#last
    const known = this.#computing.repeatable('step')
    const isKnown = last && this.#isSure && known?.program === last.program
    if (!isKnown || input.recording || namesIn(input) !== last.observed) return undefined
    const change = this.#state!.change()
    if (change) {
      this.#repeated = 0
      this.#why = [{ kind: 'changed', ...change }]
      this.#fail()
      return undefined
    }
    const written = last.written.map((each) =>
      'path' in each ? keyBelow(input.random, each) : each,
    )
    const values = known.again(inputs, written)
    if (typeof values === 'string') {
      this.#why = [{ kind: 'changed', message: values }]
      return undefined
    }
    last.countAgain()
    this.#computing.repeats.repeated()
    if (++this.#repeated >= ENOUGH) this.#inVain = 0
    return { ...last.result, values: values[0] as tf.Tensor1D }
  }

  #fail(): void {
    this.#last = undefined
    this.#inVain++
    this.#skip =
      this.#inVain < PATIENCE ? 0 : Math.min(2 ** (this.#inVain - PATIENCE), MOST_SKIPPED)
  }

  async #record(input: StepInput, inputs: readonly tf.Tensor[]): Promise<StepResult> {
    const { repeats } = this.#computing
    const step = () => trainStep(input)
    const isSeen = this.#computing.isCompiled && !input.recording && this.#skip-- <= 0
    if (!isSeen) {
      this.#last = undefined
      repeats.ran(input.recording || this.#why.length > 0 ? this.#why : undefined)
      return this.#computing.run('step', inputs, step)
    }
    const observed = namesIn(input)
    const state = this.#take(input.parts)
    let reasons: readonly RunReason[] = []
    let code: Noted<unknown> | undefined
    let countAgain = (): void => undefined
    const result = await this.#computing.run('step', inputs, () => {
      const counted = this.#env.countCalls()
      const noted = noteStep(step, this.#env)
      countAgain = counted()
      code = noted
      reasons = [
        ...noted.notes,
        ...state.reasons().map((each) => ({ kind: 'unseen' as const, ...each })),
      ]
      return noted.result
    })
    const { values: _, ...rest } = result
    const known = this.#computing.repeatable('step')
    const change = state.change()
    this.#hasChanged = change !== undefined
    const written = known && sourcesOf(known, input.random)
    const seen = [...reasons, ...(change ? [{ kind: 'changed' as const, ...change }] : [])]
    const all = [...seen, ...this.#whyNot(known, written, { seen, code: code! })]
    repeats.ran(all.length > 0 ? all : this.#why)
    if (all.length > 0) {
      this.#fail()
      return result
    }
    const before = this.#last
    const { program } = known!
    this.#last = { program, written: written!, observed, result: rest, countAgain }
    this.#isSure = before !== undefined && isSame(before, this.#last)
    return result
  }

  /** Why a step cannot be repeated besides what was `seen`. */
  #whyNot(
    known: Repeatable | undefined,
    written: Recorded['written'] | undefined,
    { seen, code }: { seen: readonly RunReason[]; code: Noted<unknown> },
  ): readonly RunReason[] {
    const does = (message: string): RunReason[] => [{ kind: 'does', message }]
    if (!known) {
      const obstacles = this.#computing.obstacles('step', (name) => code.assignedAt(name))
      if (obstacles.length > 0 || seen.some(({ kind }) => kind === 'does')) return obstacles
      return does('the step makes or frees variables')
    }
    if (!written) {
      const message = 'the step draws from the stream of random numbers of another step'
      return [{ kind: 'reads', message }]
    }
    if (known.left === 1) return []
    const { kept } = code
    return kept.length > 0 ? kept : does('the step leaves tensors that are no variables')
  }

  /** The state as the step begins. */
  #take(parts: Parts): StepState {
    const change = this.#state?.change()
    if (this.#state && !change) return this.#state
    // What the last step changed itself is told with that one.
    if (change && !this.#hasChanged) this.#why = [{ kind: 'changed', ...change }]
    this.#state ??= new StepState(() => stepRoots(this.#env, parts))
    this.#state.take()
    return this.#state
  }
}

const namesIn = ({ observed }: StepInput): string => [...observed.given.keys()].join('\n')

/** What is to be written again; `undefined` when a random key is not drawn below the stream of the step. */
function sourcesOf({ written }: Repeatable, root: Random): Recorded['written'] | undefined {
  const sources = written.map((values) => {
    const recipe = values instanceof Int32Array ? keyRecipe(values) : undefined
    return recipe ?? values
  })
  return sources.every((each) => !('path' in each) || each.root === root) ? sources : undefined
}

/** Whether two steps did the same: code that depends on something unseen may have done something else. */
const isSame = (a: Recorded, b: Recorded): boolean =>
  a.program === b.program &&
  a.written.length === b.written.length &&
  a.written.every((one, i) => isSameSource(one, b.written[i]!))

function isSameSource(a: KeyRecipe | ArrayLike<number>, b: typeof a): boolean {
  if ('path' in a || 'path' in b)
    return 'path' in a && 'path' in b && a.count === b.count && isEqual(a.path, b.path)
  return isEqual(a, b)
}

function isEqual(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}
