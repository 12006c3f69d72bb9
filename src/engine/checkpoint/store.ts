// The checkpoints that an engine holds: their files, until who keeps them for good has taken them.
import { EngineError, type CheckpointInfo } from '#sdk'
import type { EventBus } from '../events/event-bus.ts'

/** Most bytes of all files together; above, the oldest leave. */
const MAX_BYTES = 512 * 2 ** 20
const FOLDER = 'checkpoints/'
const ENDING = '.safetensors'

/** Where a checkpoint is found as a file. */
export const checkpointPath = (name: string): string => FOLDER + name + ENDING

interface Held {
  readonly key: number
  readonly info: CheckpointInfo
  readonly file: Uint8Array<ArrayBuffer>
}

export class CheckpointStore {
  readonly #bus: Pick<EventBus, 'emit'>
  /** Oldest first. */
  #held: Held[] = []
  /** The one that is being read stays at hand, even when another takes its place. */
  #reading: Held | undefined
  #count = 0

  constructor(bus: Pick<EventBus, 'emit'>) {
    this.#bus = bus
  }

  /** Keeps a file in place of an earlier one of its name, and tells of it. */
  keep(info: CheckpointInfo, file: Uint8Array<ArrayBuffer>, isAutomatic: boolean): void {
    const key = ++this.#count
    this.#held = this.#held.filter(({ info: { name } }) => name !== info.name)
    this.#held.push({ key, info, file })
    this.#shrink()
    const { run: id, ...rest } = info
    this.#bus.emit('run.checkpoint', { id, ...rest, key, sizeBytes: file.length, isAutomatic })
  }

  /** The newest stays, however large it is. */
  #shrink(): void {
    const sizeOf = () => this.#held.reduce((sum, { file }) => sum + file.length, 0)
    while (sizeOf() > MAX_BYTES && this.#held.length > 1) this.#held.shift()
  }

  /** Some bytes of a file; `undefined` when it is no longer here. */
  read(key: number, begin: number, end: number): Uint8Array<ArrayBuffer> | undefined {
    if (this.#reading?.key !== key) this.#reading = this.#held.find((held) => held.key === key)
    return this.#reading?.file.slice(begin, end)
  }

  /** Somebody keeps the file for good: from here on, who asks for its path gets it from there. */
  take(key: number): void {
    this.#held = this.#held.filter((held) => held.key !== key)
    if (this.#reading?.key === key) this.#reading = undefined
  }

  /** Everything so far was taken. */
  get isTaken(): boolean {
    return this.#held.length === 0
  }

  /** Forgets a checkpoint of a run. */
  remove(run: string, name: string): void {
    this.#held = this.#held.filter(({ info }) => info.run !== run || info.name !== name)
    this.#bus.emit('run.checkpoint_removed', { id: run, name })
  }

  /** The file of a path such as `checkpoints/best.safetensors`. */
  file(path: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#held.find(({ info }) => info.path === path)?.file
  }
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/

/** Throws `data.invalid` for what is no name of a checkpoint. */
export function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string' && NAME.test(name)) return
  throw new EngineError({
    code: 'data.invalid',
    message: `\`${String(name).slice(0, 100)}\` is no name for a checkpoint`,
    hint: 'take up to 80 letters, digits and `. _ -`, such as `best` or `step-200`',
  })
}
