// Built-in formats of files: models of PyTorch's modules come in, go out, and compute as there. That others come back is tested in exported-models.test.ts.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { floatsOf, readSafetensors, type StoredTensor, type Table, writeSafetensors } from '#sdk'
import { pluginFile } from '../../src/engine/testing/workbench.ts'
import { difference, fill, integers } from '../../src/plugins/testing/reference.ts'
import { oneStep, ROWS } from './one-step.fixture.ts'

interface Reference {
  state: Record<string, { shape: number[]; values: number[] }>
  logits: number[]
}

const models = {
  mlp: 'model: { name: mlp, config: { input: image, hidden: [8] } }',
  cnn: 'model: { name: cnn, config: { channels: [3, 4] } }',
  gpt: 'model: { name: gpt, config: { layers: 2, heads: 2, width: 8 } }',
}
const reference = JSON.parse(
  readFileSync(new URL('exported.json', import.meta.url), 'utf8'),
) as Record<keyof typeof models, Reference>

/** The inputs that the script gave to PyTorch. */
function columnsFor(model: keyof typeof models): Table['columns'] {
  const labels = { type: 'number', dtype: 'int32' } as const
  if (model === 'gpt') {
    const ids = integers(ROWS * 8, 0, 11)
    const column = { ...labels, data: ids, shape: [8], limit: 11 }
    return { input_ids: column, labels: column }
  }
  const data = fill([ROWS, 6, 6, 1], 50).dataSync<'float32'>()
  return {
    image: { type: 'number', data, shape: [6, 6, 1], dtype: 'float32' },
    labels: { ...labels, data: Int32Array.of(0, 1, 2, 3), shape: [], limit: 5 },
  }
}

/** Trains a step from the weights of a file. */
const begin = (
  model: keyof typeof models,
  initFrom: string,
  assets: Record<string, Uint8Array>,
  files?: Record<string, string>,
) => oneStep({ columns: columnsFor(model), experiment: models[model], initFrom, assets, files })

const torchFile = (model: keyof typeof models): Uint8Array => {
  const tensors = Object.entries(reference[model].state).map(([path, { shape, values }]) => {
    const tensor: StoredTensor = { dtype: 'F32', shape, data: Float32Array.from(values) }
    return [path, tensor] as const
  })
  return writeSafetensors(tensors, { format: 'pt' })
}

const fromTorch = (model: keyof typeof models) =>
  begin(model, 'data/torch.safetensors', { 'data/torch.safetensors': torchFile(model) })

describe.each(Object.keys(models) as (keyof typeof models)[])('%s', (model) => {
  const { state, logits: wanted } = reference[model]

  test('[G14] computes with the weights of a PyTorch file as PyTorch does, and writes them back', async () => {
    const held = await fromTorch(model)
    expect(difference(held.logits, wanted)).toBeLessThan(1e-5)
    const [file] = await held.exported('safetensors')
    const { tensors, metadata } = readSafetensors(file!.bytes, file!.name)
    expect(metadata).toMatchObject({ format: 'pt', step: '0' })
    expect([...tensors.keys()].toSorted()).toEqual(Object.keys(state).toSorted())
    for (const [path, tensor] of tensors) {
      const { shape, values } = state[path]!
      const [found, kept] = [floatsOf(tensor), Float32Array.from(values)]
      expect([path, tensor.shape, found]).toEqual([path, shape, kept])
    }
  })
})

test('[G14] our own order of axes is a setting of safetensors', async () => {
  const held = await fromTorch('mlp')
  const config = { layout: 'plugboard' }
  const [file] = await held.exported({ name: 'safetensors', config })
  const { tensors } = readSafetensors(file!.bytes, file!.name)
  expect(tensors.get('layers.0.weight')!.shape).toEqual([36, 8])
})

test('[G14] a format of one’s own writes and reads', async () => {
  const body = `initialize() {
    this.ctx.provide('exporter', 'sums', () => ({
      export: ({ weights, checkpoint }) => {
        const sums = [...weights].map(([path, { data }]) => path + ' ' + data.reduce((a, b) => a + b, 0))
        return [{ name: 'sums.txt', bytes: new TextEncoder().encode(checkpoint.name + '\\n' + sums.join('\\n')) }]
      },
    }))
  }`
  const manifest = { name: 'sums', provides: ['exporter/sums'] }
  const held = await begin(
    'mlp',
    'data/torch.safetensors',
    { 'data/torch.safetensors': torchFile('mlp') },
    { 'plugins/sums.ts': pluginFile(manifest, body) },
  )
  const [file] = await held.exported('sums')
  const [name, ...lines] = new TextDecoder().decode(file!.bytes).split('\n')
  expect([name, lines.length]).toEqual(['start', 4])
  await expect(held.exported('onnx')).rejects.toMatchObject({
    code: 'contribution.missing',
    hint: expect.stringContaining('safetensors') as string,
  })
})

test.each([
  ['no files', '[]', 'no files'],
  ['a path for a name', "[{ name: '../x', bytes: new Uint8Array(1) }]", 'no file'],
  ['text for bytes', "[{ name: 'x', bytes: 'text' }]", 'no file'],
])('[G14] an exporter that gives %s is told so', async (_, result, message) => {
  const body = `initialize() { this.ctx.provide('exporter', 'odd', () => ({ export: () => ${result} })) }`
  const manifest = { name: 'odd', provides: ['exporter/odd'] }
  const held = await begin(
    'mlp',
    'data/torch.safetensors',
    { 'data/torch.safetensors': torchFile('mlp') },
    { 'plugins/odd.ts': pluginFile(manifest, body) },
  )
  await expect(held.exported('odd')).rejects.toMatchObject({
    code: 'contribution.contract',
    message: expect.stringContaining(message) as string,
  })
})

describe('files that are not what they should be', () => {
  const begun = async (initFrom: string, assets: Record<string, Uint8Array>) => {
    const thrown: unknown = await begin('mlp', initFrom, assets).catch((error: unknown) => error)
    return thrown instanceof Error ? thrown.message : 'nothing'
  }
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  test.each([
    ['tfjs', '{}', 'data/model.json is of another form: weightsManifest'],
    ['json', '[1', 'data/model.json is no JSON'],
    ['json', '{"format":"other"}', 'data/model.json is of another form: format'],
  ])('%s: %s', async (format, text, message) => {
    const from = `{ file: data/model.json, format: ${format} }`
    expect(await begun(from, { 'data/model.json': bytes(text) })).toContain(message)
  })

  test('tfjs: weights that are cut off', async () => {
    const files = await (await fromTorch('mlp')).exported('tfjs')
    const assets = Object.fromEntries(files.map((file) => [`data/${file.name}`, file.bytes]))
    assets['data/weights.bin'] = assets['data/weights.bin']!.slice(0, 100)
    const said = await begun('{ file: data/model.json, format: tfjs }', assets)
    expect(said).toMatch(
      /data\/weights\.bin: the tensor [\w.]+ ends at byte \d+, but there are 100/,
    )
  })
})
