// Runs in a page: plans whose values are stored in 16 bits, beside what their graphs mean with the same values rounded.
import * as tf from '@tensorflow/tfjs'
import { canShare } from '../../src/webgpu/fuse/access.ts'
import { fuse } from '../../src/webgpu/fuse/fuse.ts'
import type { DeviceTraits, Kernel, ProductVariant } from '../../src/webgpu/fuse/kernel.ts'
import { Graph } from '../../src/webgpu/graph/graph.ts'
import { interpret, type Values } from '../../src/webgpu/graph/interpret.ts'
import { type Node, sizeOf } from '../../src/webgpu/graph/node.ts'
import { program } from '../../src/webgpu/lower/program.fixture.ts'
import { lower, record } from '../../src/webgpu/lower/recording.fixture.ts'
import { makePlan } from '../../src/webgpu/plan/planning.ts'
import { Pipelines } from '../../src/webgpu/run/pipelines.ts'
import { Program } from '../../src/webgpu/run/program.ts'
import { generate } from '../../src/webgpu/wgsl/generate.ts'
import { halve } from '../../src/webgpu/wgsl/halves.ts'
import { traitsOf } from '../../src/webgpu/wgsl/traits.ts'

export interface HalvesJob {
  /** Loops run as on the devices that products are made for: tiles have fast barriers. */
  variants: readonly ProductVariant[]
  /** Seeds of random programs. */
  programs: readonly number[]
}

export interface HalvesOutcome {
  /** Of each graph, by title. */
  tried: Record<
    string,
    {
      /** How many values were stored in 16 bits. */
      halved: number
      /** The largest difference to the graph with the same values rounded, relative to values above 1. */
      off: number
      /** As a mean. */
      meanOff: number
      /** To the graph in float32. */
      rounding: number
    }
  >
  errors: string[]
}

interface Case {
  readonly graph: Graph
  readonly given: readonly Values[]
  readonly outputs: readonly Node[]
  /** As fused, if left out. */
  readonly kernels?: Kernel[]
}

export default async function run({ variants, programs }: HalvesJob): Promise<HalvesOutcome> {
  const adapter = await navigator.gpu.requestAdapter()
  const features = (['subgroups'] as const).filter((feature) => adapter!.features.has(feature))
  const device = await adapter!.requestDevice({ requiredFeatures: features })
  const errors: string[] = []
  device.addEventListener('uncapturederror', ({ error }) => void errors.push(error.message))
  const pipelines = new Pipelines(device)
  const tried: HalvesOutcome['tried'] = {}
  const all = new Map<string, Case>([
    ...Object.entries(cases()),
    ...programs.map((seed) => [`program ${seed}`, programCase(seed)] as const),
  ])
  for (const [title, one] of all)
    for (const products of variants) {
      const traits = { ...traitsOf(device, products !== 'tiles'), products }
      tried[`${title}, ${products}`] = await tryCase(device, pipelines, traits, one)
    }
  device.destroy()
  return { tried, errors }
}

/** Results of a random program, forward and backward. */
function programCase(seed: number): Case {
  const { result, calls } = record(() => tf.tidy(() => program(seed)))
  const wanted = new Set(result.map(({ dataId }): object => dataId))
  const { graph, given, results } = lower(calls)
  const outputs = results.flatMap(({ call, nodes }) =>
    (nodes ?? []).filter((_, i) => wanted.has(call.outputs[i]!.dataId)),
  )
  return { graph, given, outputs: [...new Set(outputs)] }
}

/** Values that bfloat16 has no room for, or only just. */
const SPECIAL = [
  NaN,
  Infinity,
  -Infinity,
  -0,
  1e-40,
  -3e-39,
  3.4e38,
  65520,
  1 + 2 ** -8,
  1 + 3 * 2 ** -8,
]

function cases(): Record<string, Case> {
  const found: Record<string, Case> = {}
  /** `make` gets a value [batch, rows, columns] that is stored, and gives outputs. */
  const add = (
    title: string,
    [batch, rows, columns]: readonly [number, number, number],
    make: (graph: Graph, stored: Node, other: (shape: readonly number[]) => Node) => Node[],
    isProduct = true,
  ): void => {
    const graph = new Graph()
    const given: Values[] = []
    const other = (
      shape: readonly number[],
      at = (i: number) => Math.sin(i * 1.7 + given.length),
    ) => {
      given.push(Float32Array.from({ length: sizeOf(shape) }, (_, i) => at(i)))
      return graph.input(shape, 'float32')
    }
    const stored = isProduct
      ? graph.dot(other([batch, rows, 5]), other([batch, 5, columns]))
      : graph.map('tanh', graph.map('exp', other([batch, rows, columns])))
    found[`${title} of ${batch}×${rows}×${columns}`] = {
      graph,
      given,
      outputs: make(graph, stored, other),
    }
  }
  for (const size of [
    [1, 6, 8],
    [2, 7, 6],
    [3, 4, 5],
    [1, 70, 66],
  ] as const) {
    const [batch, rows, columns] = size
    for (const isProduct of [true, false]) {
      const of = isProduct ? 'product' : 'map'
      add(
        `${of}, its product`,
        size,
        (graph, x, other) => [graph.dot(x, other([batch, columns, 3]))],
        isProduct,
      )
      add(
        `${of}, transposed`,
        size,
        (graph, x, other) => [graph.dot(graph.transpose(x, [0, 2, 1]), other([batch, rows, 4]))],
        isProduct,
      )
      add(
        `${of}, its softmax and the slices of that`,
        size,
        (graph, x, other) => {
          const power = graph.map(
            'exp',
            graph.map('sub', x, graph.expand(graph.reduce('max', x, [2]), x.shape)),
          )
          const soft = graph.map(
            'div',
            power,
            graph.expand(graph.reduce('sum', power, [2]), x.shape),
          )
          const slice = graph.slice(
            soft,
            [0, 0, columns > 1 ? 1 : 0],
            [batch, rows, Math.max(1, columns - 2)],
          )
          return [
            graph.dot(slice, other([batch, slice.shape[2]!, 2])),
            graph.reduce('sum', soft, [1]),
          ]
        },
        isProduct,
      )
      add(
        `${of}, where it is largest`,
        size,
        (graph, x, other) => {
          const largest = graph.expand(graph.reduce('max', x, [2]), x.shape)
          const mask = graph.cast(graph.map('equal', x, largest), 'float32')
          return [graph.dot(mask, other([batch, columns, 2])), graph.reduce('sum', mask, [2])]
        },
        isProduct,
      )
      add(
        `${of}, padded, reversed and gathered`,
        size,
        (graph, x, other) => {
          const padded = graph.pad(
            graph.reverse(x, [1]),
            [
              [0, 0],
              [1, 2],
              [2, 1],
            ],
            0.5,
          )
          const ids = graph.cast(
            graph.map('mul', graph.index([batch, 3], 1), graph.constant(rows, [batch, 3], 'int32')),
            'int32',
          )
          return [
            graph.dot(padded, other([batch, columns + 3, 2])),
            graph.map('sin', graph.gather(x, ids)),
            graph.map('sin', graph.concat([x, x], 2)),
          ]
        },
        isProduct,
      )
    }
  }
  const graph = new Graph()
  const x = graph.input([SPECIAL.length, 2], 'float32')
  const stored = graph.map('neg', x)
  const turned = graph.transpose(stored, [1, 0])
  const output = graph.map('add', turned, turned)
  found['special values'] = {
    graph,
    given: [Float32Array.from({ length: SPECIAL.length * 2 }, (_, i) => SPECIAL[i >> 1]!)],
    outputs: [output],
    kernels: [
      { kind: 'loop', reads: [x], writes: [stored] },
      { kind: 'loop', reads: [stored], writes: [output] },
    ],
  }
  return found
}

async function tryCase(
  device: GPUDevice,
  pipelines: Pipelines,
  traits: DeviceTraits,
  { graph, given, outputs, kernels }: Case,
): Promise<HalvesOutcome['tried'][string]> {
  const plan = makePlan({
    outputs,
    wholes: [],
    given: [],
    computed: [],
    tables: new Map(),
    inputs: graph.inputs.map((node, external) => ({ node, external, isUpload: true })),
    donors: outputs.map(() => undefined),
    traits,
    compiler: { fuse: kernels ? () => kernels : fuse, generate, halve, canShare },
    halveFrom: 2,
  })
  const { halves } = plan.mixed!
  const run = new Program(device, pipelines, plan)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffer = (bytes: number) => device.createBuffer({ size: Math.max(4, bytes), usage })
  const kept = outputs.map(({ shape }) => buffer(sizeOf(shape) * 4))
  const arena = buffer(plan.arenaBytes)
  const memory = { externals: [], kept, packs: [], arena }
  const isInt = (external: number): boolean => !(given[external] instanceof Float32Array)
  // What a step leaves in memory is no part of the next one.
  for (let time = 0; time < 2; time++) {
    const encoder = device.createCommandEncoder()
    run.run(encoder, memory, isInt, (external) => given[external]!)
    device.queue.submit([encoder.finish()])
  }
  const wanted = interpret(outputs, given, halves)
  const whole = interpret(outputs, given)
  let [off, total, count, rounding] = [0, 0, 0, 0]
  for (const [i, { dtype }] of outputs.entries()) {
    const found = await read(device, kept[i]!)
    const values = dtype === 'float32' ? new Float32Array(found) : new Int32Array(found)
    values.forEach((value, at) => {
      const gap = gapOf(value, wanted[i]![at]!)
      off = Math.max(off, gap)
      total += gap
      count++
      rounding = Math.max(rounding, gapOf(whole[i]![at]!, wanted[i]![at]!))
    })
  }
  run.dispose()
  for (const each of [...kept, arena]) each.destroy()
  return { halved: halves.size, off, meanOff: total / Math.max(1, count), rounding }
}

async function read(device: GPUDevice, from: GPUBuffer): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    size: from.size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(from, 0, staging, 0, from.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const copy = staging.getMappedRange().slice(0)
  staging.destroy()
  return copy
}

/** Relative to values above 1; Infinity for NaN or infinity in other places. */
function gapOf(x: number, y: number): number {
  if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return 0
  const gap = Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y))
  return Number.isNaN(gap) ? Infinity : gap
}
