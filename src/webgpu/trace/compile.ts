// A recording as a program, with its pipelines on the way.
import type { Compiler, DeviceTraits } from '../fuse/kernel.ts'
import type { Node } from '../graph/node.ts'
import { pack } from '../pack/pack.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import type { Pipelines } from '../run/pipelines.ts'
import { Program } from '../run/program.ts'
import { LoweredCalls } from './lower.ts'
import type { Kept, Trace } from './trace.ts'
import type { Compiled } from './traces.ts'

export interface CompileOptions {
  readonly compiler: Compiler
  readonly traits: DeviceTraits
  readonly pipelines: Pipelines
}

/** What can't be compiled tells why, and runs kernel by kernel. */
export function compileTrace(
  device: GPUDevice,
  { pipelines, ...options }: CompileOptions,
  trace: Trace,
  kept: readonly Kept[],
): Compiled {
  try {
    const program = new Program(device, pipelines, planTrace(trace, kept, options))
    const compiled: Compiled = { program, ready: undefined, failure: undefined }
    compiled.ready = program
      .prepare()
      .catch((error: unknown) => {
        compiled.failure = String(error)
      })
      .finally(() => {
        compiled.ready = undefined
      })
    return compiled
  } catch (thrown) {
    return { program: undefined, ready: undefined, failure: String(thrown) }
  }
}

function planTrace(
  { calls, externals }: Trace,
  kept: readonly Kept[],
  options: Omit<CompileOptions, 'pipelines'>,
): Plan {
  const lowered = new LoweredCalls(externals)
  for (const call of calls) lowered.add(call)
  const { graph, results } = lowered
  const outputs = kept.map(({ call, output }) => results[call]![output]!)
  const donors = kept.map(({ donor }) => donor)
  const inputs = lowered.inputs.map((external, slot) => ({
    node: graph.inputs[slot]!,
    external,
    isUpload: externals[external]!.isUpload,
  }))
  const known = { inputs, donors, ...options }
  const read = new Set(lowered.inputs)
  const updates = [...kept.keys()].filter((i) => donors[i] !== undefined && read.has(donors[i]))
  try {
    return makePlan({ ...known, ...pack(graph, outputs, updates) })
  } catch {
    // Values that can't lie side by side are updated one by one.
    const unpacked = { wholes: [], given: [], computed: [], tables: new Map<Node, Int32Array>() }
    return makePlan({ ...known, ...unpacked, outputs })
  }
}
