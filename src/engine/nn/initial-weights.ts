// Initial weights from a file: a checkpoint of another run, or any safetensors file.
import type { ExperimentConfig, Model } from '#sdk'
import {
  readWeights,
  restoreWeights,
  type SavedRun,
  takeWeights,
  withHeadPaths,
} from '../checkpoint/index.ts'
import type { RunEnvironment } from './environment.ts'
import type { Part } from './part.ts'
import { variablesOf } from './snapshot.ts'

export interface InitialWeights {
  /** What the file tells of how its tokenizer was fitted. */
  readonly saved: Pick<SavedRun, 'experiment' | 'tokenizer'> | undefined
  /** Gives a model the weights of the file: all of them or, where that is enough, those that fit. */
  begin(model: Part<Model>): void
}

/** Reads the file that `experiment.init_from` names. Throws `asset.missing` and `file.invalid`. */
export async function readInitial(
  { init_from }: ExperimentConfig,
  env: Pick<RunEnvironment, 'asset' | 'log'>,
): Promise<InitialWeights | undefined> {
  if (init_from === undefined) return undefined
  const { file, partial } =
    typeof init_from === 'string' ? { file: init_from, partial: false } : init_from
  const { weights, saved } = readWeights(new Uint8Array(await env.asset(file)), file)
  return {
    saved,
    begin(model) {
      const variables = variablesOf(model.instance)
      const fitting = withHeadPaths(weights, variables)
      const names = { subject: file, model: model.label }
      if (partial) env.log().info(takeWeights(variables, fitting, names))
      else restoreWeights(variables, fitting, names)
    },
  }
}
