// A trained model as one JSON text, for programs that know no other format.
import {
  EngineError,
  type ImportedWeights,
  type ModelFile,
  parseJson,
  plugin,
  storedDtypes,
  type StoredTensor,
  type TrainedModel,
  z,
} from 'plugboard'

const FORMAT = 'plugboard.model'

/** NaN and infinities, which a broken training may leave, have no number in JSON. */
const value = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])

const file = z.object({
  format: z.literal(FORMAT),
  weights: z.record(
    z.string(),
    z.object({
      dtype: z.enum(['F32', 'I32', 'BOOL']),
      shape: z.array(z.int().min(0)),
      values: z.array(value),
    }),
  ),
})

function write(model: TrainedModel): ModelFile {
  const { checkpoint, experiment, tokenizer, preprocessors } = model
  const weights = [...model.weights].map(([path, { dtype, shape, data }]) => {
    const values = Array.from(data as Float32Array, (it) => (Number.isFinite(it) ? it : String(it)))
    return [path, { dtype, shape, values }] as const
  })
  const { epoch, step, metrics } = checkpoint
  const content = {
    format: FORMAT,
    experiment,
    epoch,
    step,
    metrics,
    tokenizer,
    preprocessors,
    weights: Object.fromEntries(weights),
  }
  return { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(content)) }
}

function read(bytes: ArrayBuffer, path: string): ImportedWeights {
  const hint = 'take a file that the exporter json wrote, whole'
  const { weights } = parseJson(bytes, file, { subject: path, hint })
  const tensors = Object.entries(weights).map(([name, { dtype, shape, values }]) => {
    const needed = shape.reduce((a, b) => a * b, 1)
    if (values.length !== needed) {
      throw new EngineError({
        code: 'file.invalid',
        message: `${path}: the tensor ${name} has ${values.length} values, but its shape [${shape.join(', ')}] needs ${needed}`,
        hint,
      })
    }
    const data = new storedDtypes[dtype].array(values.map(Number))
    return [name, { dtype, shape, data }] as const
  })
  return { weights: new Map<string, StoredTensor>(tensors), layout: 'plugboard' }
}

export default class JsonExporter extends plugin({
  manifest: {
    name: 'json_exporter',
    version: '1.0.0',
    category: 'exporter',
    description: 'A trained model as one JSON text',
    tags: ['export'],
    provides: ['exporter/json'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'exporter',
      'json',
      () => ({
        export: (model) => [write(model)],
        import: async (path, asset) => read(await asset(path), path),
      }),
      { description: 'experiment, metrics, weights, and what tokenizer and preprocessors learned' },
    )
  }
}
