// A trained model as files: a checkpoint through the exporter of a format.
import {
  componentOf,
  type ComponentRef,
  EngineError,
  type Exporter,
  type ModelFile,
  type TrainedModel,
} from '#sdk'
import type { Checkpoint } from './checkpoint/index.ts'
import type { Core, Lifecycle } from './lifecycle/index.ts'

const trained = ({ info, weights, run }: Checkpoint): TrainedModel => ({
  checkpoint: info,
  experiment: run.experiment,
  graph: run.graph,
  weights,
  torchAxes: run.torchAxes,
  tokenizer: run.tokenizer,
  preprocessors: run.preprocessors,
})

/**
 * Files of a checkpoint's model. The plugin that has the format comes up for it, if need be. Throws
 * `contribution.missing`, listing the formats that there are, and what the exporter throws, located.
 */
export async function exportModel(
  { core, lifecycle }: { core: Core; lifecycle: Lifecycle },
  format: ComponentRef,
  checkpoint: Checkpoint,
): Promise<ModelFile[]> {
  const { name } = componentOf(format)
  await lifecycle.bringUpFor(`exporter/${name}`)
  // No line of the project file names it.
  const nowhere = { value: undefined, path: [] }
  const { plugin } = core.creator.find('exporter', format, nowhere)
  const stage = `export as ${name}`
  try {
    const exporter = core.creator.create('exporter', format, {}, nowhere)
    core.enter(plugin, stage)
    return checked(await exporter.export(trained(checkpoint)), name, plugin)
  } catch (thrown) {
    throw core.locate(thrown, { code: 'plugin.threw', plugin, stage })
  }
}

function checked(
  files: Awaited<ReturnType<Exporter['export']>>,
  name: string,
  plugin: string,
): ModelFile[] {
  const isFile = (file: unknown): boolean => {
    const { name: path, bytes } = Object(file) as Partial<Record<keyof ModelFile, unknown>>
    const isName = typeof path === 'string' && /^[^/\\]{1,200}$/.test(path) && !/^\.+$/.test(path)
    return isName && bytes instanceof Uint8Array
  }
  const isList = Array.isArray(files) && files.length > 0
  if (isList && files.every(isFile)) return [...files]
  throw new EngineError({
    code: 'contribution.contract',
    plugin,
    message: `export() of exporter ${name} gave ${isList ? 'something that is no file' : 'no files'}`,
    hint: "return a list of files: [{ name: 'model.txt', bytes: new TextEncoder().encode(text) }]",
  })
}
