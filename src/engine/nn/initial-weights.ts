// Initial weights from a file: a checkpoint of another run, or any safetensors file.
import {
  componentOf,
  EngineError,
  type ExperimentConfig,
  type ImportedWeights,
  inverseAxes,
  type Model,
  permuteAxes,
  type StoredTensor,
  torchAxesOf,
} from '#sdk'
import {
  readWeights,
  restoreWeights,
  type SavedRun,
  takeWeights,
  withHeadPaths,
} from '../checkpoint/index.ts'
import type { RunEnvironment } from './environment.ts'
import { createLeaf, type Part } from './part.ts'
import { variablesOf } from './snapshot.ts'

export interface InitialWeights {
  /** What the file tells of how its tokenizer was fitted. */
  readonly saved: Pick<SavedRun, 'experiment' | 'tokenizer'> | undefined
  /** Gives a model the weights of the file: all of them or, where that is enough, those that fit. */
  begin(model: Part<Model>): void
}

type InitFrom = Exclude<ExperimentConfig['init_from'], string | undefined>

/** Reads the file that `experiment.init_from` names. Throws `asset.missing` and `file.invalid`. */
export async function readInitial(
  { init_from }: ExperimentConfig,
  env: RunEnvironment,
): Promise<InitialWeights | undefined> {
  if (init_from === undefined) return undefined
  const from = typeof init_from === 'string' ? { file: init_from, partial: false } : init_from
  const { file, partial } = from
  const { saved, ...imported } = await readFile(from, env)
  return {
    saved,
    begin(model) {
      const variables = variablesOf(model.instance)
      const fitting = withHeadPaths(weightsFor(model.instance, imported), variables)
      const names = { subject: file, model: model.label }
      if (partial) env.log().info(takeWeights(variables, fitting, names))
      else restoreWeights(variables, fitting, names)
    },
  }
}

async function readFile({ file, format }: InitFrom, env: RunEnvironment) {
  if (format === undefined) return readWeights(new Uint8Array(await env.asset(file)), file)
  const exporter = createLeaf(env, 'exporter', format, {})
  if (!exporter.instance.import) {
    throw new EngineError({
      code: 'contribution.contract',
      message: `${exporter.label} writes files, but reads none`,
      plugin: exporter.plugin,
      hint: `give ${componentOf(format).name} an import(), or name another format`,
    })
  }
  const imported = await exporter.callAsync('import', async (it) =>
    it.import!(file, (path) => env.asset(path)),
  )
  return { ...imported, saved: undefined }
}

/** The weights with the axes in our order. A tensor of another rank than expected is left for the comparison to name. */
function weightsFor(
  model: object,
  { weights, layout }: ImportedWeights,
): ReadonlyMap<string, StoredTensor> {
  if (layout === 'plugboard') return weights
  const axesByPath = torchAxesOf(model)
  const moved = [...weights].map(([path, tensor]) => {
    const axes = axesByPath.get(path)
    const isFitting = axes?.length === tensor.shape.length
    return [path, isFitting ? permuteAxes(tensor, inverseAxes(axes)) : tensor] as const
  })
  return new Map(moved)
}
