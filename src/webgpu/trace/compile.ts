// A recording as a program, with its pipelines on the way.
import type { Compiler, DeviceTraits } from '../fuse/kernel.ts'
import type { Node } from '../graph/node.ts'
import { mayBeTooLong } from '../fuse/region-cost.ts'
import { knownSums } from '../pack/known-sums.ts'
import { pack } from '../pack/pack.ts'
import { rewrite } from '../pack/rewrite.ts'
import type { Plan } from '../plan/plan.ts'
import { makePlan } from '../plan/planning.ts'
import type { Pipelines } from '../run/pipelines.ts'
import { Program } from '../run/program.ts'
import { describePlan } from './account.ts'
import { LoweredCalls } from './lower.ts'
import type { Kept, Trace } from './trace.ts'
import type { Compiled } from './traces.ts'

export interface CompileOptions {
  readonly compiler: Compiler
  readonly traits: DeviceTraits
  readonly pipelines: Pipelines
  /** As a plan has it. */
  readonly halveFrom?: number | undefined
}

/** What can't be compiled tells why, and runs kernel by kernel. */
export function compileTrace(
  device: GPUDevice,
  { pipelines, ...options }: CompileOptions,
  trace: Trace,
  kept: readonly Kept[],
): Compiled {
  const beganMs = performance.now()
  try {
    const { plan, unpacked } = planTrace(trace, kept, options)
    const program = new Program(device, pipelines, plan)
    const compiled: Compiled = { program, report: describePlan(plan), unpacked }
    compiled.ready = program
      .prepare()
      .then(
        () => {
          compiled.report = { ...compiled.report!, compileMs: performance.now() - beganMs }
        },
        (error: unknown) => {
          compiled.failure = messageOf(error)
        },
      )
      .finally(() => {
        compiled.ready = undefined
      })
    return compiled
  } catch (thrown) {
    return { program: undefined, failure: messageOf(thrown) }
  }
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/** A plan, and why not all lies side by side that could, if something does not. */
interface Planned {
  readonly plan: Plan
  readonly unpacked?: string
}

function planTrace(
  { calls, externals }: Trace,
  kept: readonly Kept[],
  options: Omit<CompileOptions, 'pipelines'>,
): Planned {
  const lowered = new LoweredCalls(externals)
  for (const call of calls) lowered.add(call)
  const { graph, results } = lowered
  const given = kept.map(({ call, output }) => results[call]![output]!)
  const simpler = rewrite(
    graph,
    given,
    knownSums(graph, given, (scores) => mayBeTooLong(scores, options.traits)),
  )
  const outputs = given.map(simpler)
  const donors = kept.map(({ donor }) => donor)
  const inputs = lowered.inputs.map((external, slot) => ({
    node: graph.inputs[slot]!,
    external,
    isUpload: externals[external]!.isUpload,
  }))
  const known = { inputs, donors, ...options }
  const read = new Set(lowered.inputs)
  const updates = [...kept.keys()].filter((i) => donors[i] !== undefined && read.has(donors[i]))
  const packed = (mostNumbers: number): Planned => ({
    plan: makePlan({ ...known, ...pack(graph, outputs, updates, mostNumbers) }),
  })
  try {
    return packed(options.traits.maxBindingBytes / 4)
  } catch (thrown) {
    try {
      // Without products that lie side by side.
      return { ...packed(0), unpacked: messageOf(thrown) }
    } catch (again) {
      // Values that can't lie side by side are updated one by one.
      const apart = { wholes: [], given: [], computed: [], tables: new Map<Node, Int32Array>() }
      const plan = makePlan({ ...known, ...apart, outputs })
      return { plan, unpacked: messageOf(again) }
    }
  }
}
