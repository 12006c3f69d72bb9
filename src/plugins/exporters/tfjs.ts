// Weights as TensorFlow.js keeps them: model.json and a file of all values behind each other.
import {
  EngineError,
  type ImportedWeights,
  type ModelFile,
  parseJson,
  plugin,
  type StoredDtype,
  storedDtypes,
  type StoredTensor,
  type TrainedModel,
  z,
} from 'plugboard'

const BINARY = 'weights.bin'
const HINT = 'take model.json and the files that it names, whole, from one folder'

/** Names of types of values there and here. */
const dtypes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  string,
  StoredDtype
>
type TfjsDtype = keyof typeof dtypes

const file = z.object({
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string().min(1)).min(1),
        weights: z.array(
          z.object({
            name: z.string().min(1),
            shape: z.array(z.int().min(0)),
            dtype: z.enum(['float32', 'int32', 'bool']),
          }),
        ),
      }),
    )
    .min(1),
})

const named = Object.entries(dtypes) as [TfjsDtype, StoredDtype][]

function write({ checkpoint, experiment, weights }: TrainedModel): ModelFile[] {
  const sizes = [...weights.values()].map(({ data }) => data.byteLength)
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0))
  let at = 0
  const entries = [...weights].map(([name, { dtype, shape, data }]) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
    return { name, shape, dtype: named.find(([, ours]) => ours === dtype)![0] }
  })
  const { epoch, step, metrics } = checkpoint
  const model = {
    format: 'plugboard-weights',
    generatedBy: 'Plugboard',
    userDefinedMetadata: { experiment, epoch, step, metrics },
    weightsManifest: [{ paths: [BINARY], weights: entries }],
  }
  return [
    { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) },
    { name: BINARY, bytes },
  ]
}

async function read(
  path: string,
  asset: (path: string) => Promise<ArrayBuffer>,
): Promise<ImportedWeights> {
  const { weightsManifest } = parseJson(await asset(path), file, {
    subject: path,
    hint: HINT,
  })
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const weights = new Map<string, StoredTensor>()
  for (const { paths, weights: entries } of weightsManifest) {
    const parts = await Promise.all(paths.map((name) => asset(folder + name)))
    const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(new Uint8Array(part), at)
      at += part.byteLength
    }
    at = 0
    for (const { name, shape, dtype } of entries) {
      const { array, bytes: width } = storedDtypes[dtypes[dtype]]
      const end = at + width * shape.reduce((a, b) => a * b, 1)
      if (end > bytes.length) throw cutOff(`${folder}${paths.join(', ')}`, name, end, bytes.length)
      const data = new array(bytes.slice(at, end).buffer)
      weights.set(name, { dtype: dtypes[dtype], shape, data })
      at = end
    }
  }
  return { weights, layout: 'plugboard' }
}

const cutOff = (files: string, name: string, needed: number, there: number): EngineError =>
  new EngineError({
    code: 'file.invalid',
    message: `${files}: the tensor ${name} ends at byte ${needed}, but there are ${there}`,
    hint: HINT,
  })

export default class TfjsExporter extends plugin({
  manifest: {
    name: 'tfjs_exporter',
    version: '1.0.0',
    category: 'exporter',
    description: 'Weights as TensorFlow.js loads them: model.json and weights.bin',
    tags: ['export', 'tensorflow'],
    provides: ['exporter/tfjs'],
  },
}) {
  initialize() {
    this.ctx.provide('exporter', 'tfjs', () => ({ export: write, import: read }), {
      description: 'for tf.io.loadWeights and the like; it holds weights, not code',
    })
  }
}
