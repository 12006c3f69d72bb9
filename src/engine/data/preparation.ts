// How the preparation of data gets at what it needs, and what it keeps.
import type { ExperimentConfig, Random } from '#sdk'
import type { RunEnvironment } from '../nn/environment.ts'
import type { PartEnvironment } from '../nn/part.ts'

/** What tokenizer and preprocessors learned; `undefined` of those that keep nothing. */
export interface Fitted {
  readonly tokenizer: unknown
  readonly preprocessors: readonly unknown[]
}

/** How preparation tells what it does and hears that it is to end. */
export interface Preparation {
  env: PartEnvironment & Pick<RunEnvironment, 'asset' | 'reading'>
  random: Random
  signal: AbortSignal
  /** Announces the next piece of work and lets messages in; rejects when the run is to end. */
  announce: (activity: string) => Promise<void>
  /** Waits for `work`, but no longer than the run goes on. */
  until: <T>(work: Promise<T>) => Promise<T>
  /** What was learned before is taken over in place of fitting: by a tokenizer of the same name, by preprocessors. */
  saved?: (Partial<Fitted> & { readonly experiment: ExperimentConfig }) | undefined
}
