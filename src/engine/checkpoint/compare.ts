// Whether a checkpoint is of the experiment that is to go on from it.
import { componentOf, EngineError, type ExperimentConfig, optimizerOf } from '#sdk'

/** What may be another: the model is compared by its weights, the rest changes no row and no draw. */
const FREE = ['name', 'model', 'head', 'validators', 'init_from', 'training'] as const
/** What must be the same of `training`: it decides which rows are in which step. */
const DRAWN = ['batch_size', 'accumulate', 'sampler'] as const

const text = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value))

/**
 * Throws `checkpoint.mismatch` naming every setting that decides over rows and draws and is another one now.
 * Returns the other settings that changed, in words: going on with them is the user's choice.
 */
export function checkSameExperiment(
  now: ExperimentConfig,
  then: ExperimentConfig,
  subject: string,
): string[] {
  const compare = (path: string, here: unknown, there: unknown): string[] =>
    JSON.stringify(here) === JSON.stringify(there)
      ? []
      : [`${path} is ${text(here)}, and was ${text(there)}`]
  const keysOf = <T extends object>(a: T, b: T) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof T & string)[]

  const found = keysOf(now, then)
    .filter((key) => !(FREE as readonly string[]).includes(key))
    .flatMap((key) => compare(key, now[key], then[key]))
  for (const key of DRAWN)
    found.push(...compare(`training.${key}`, now.training[key], then.training[key]))
  const nameOf = ({ training }: ExperimentConfig) => componentOf(optimizerOf(training)).name
  found.push(...compare('training.optimizer', nameOf(now), nameOf(then)))
  if (found.length > 0) {
    throw new EngineError({
      code: 'checkpoint.mismatch',
      message: `${subject} is of another experiment: ${found.join('; ')}`,
      hint: 'set them back to go on with that run; to begin a new one with its weights, take experiment.init_from',
    })
  }
  const isFree = (key: string) => !(DRAWN as readonly string[]).includes(key)
  return [
    ...(['model', 'head'] as const).flatMap((key) => compare(key, now[key], then[key])),
    ...keysOf(now.training, then.training)
      .filter(isFree)
      .flatMap((key) => compare(`training.${key}`, now.training[key], then.training[key])),
  ]
}
