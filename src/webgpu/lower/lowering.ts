// What a lowering is: one kernel of tfjs said in primitive nodes.
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'

/**
 * Inputs of a kernel by tfjs's names, each of the shape that the caller sees. Of a kernel that takes a list (AddN,
 * Concat, Pack, Einsum) the names are the places in it, as tfjs has it.
 */
export type Inputs = Record<string, Node | Node[]>

export type Attributes = Record<string, unknown>

/** The kernel's results as nodes; `undefined` when it can't be expressed (it then runs as the stock kernel). */
export type Lowering = (
  graph: Graph,
  inputs: Inputs,
  attrs: Attributes,
) => Node | Node[] | undefined

/** Lowerings by the kernels' names. */
export type Lowerings = Readonly<Record<string, Lowering>>

/** A lowering that knows the names of its inputs and its attributes. */
export const lowering =
  <Required extends string, Attrs = unknown, Optional extends string = never>(
    lower: (
      graph: Graph,
      inputs: Record<Required, Node> & Partial<Record<Optional, Node>>,
      attrs: Attrs,
    ) => Node | Node[] | undefined,
  ): Lowering =>
  (graph, inputs, attrs) =>
    lower(graph, inputs as Record<Required, Node> & Partial<Record<Optional, Node>>, attrs as Attrs)

/** A lowering of a kernel that takes a list of tensors. */
export const listLowering =
  <Attrs = unknown>(
    lower: (graph: Graph, inputs: Node[], attrs: Attrs) => Node | undefined,
  ): Lowering =>
  (graph, inputs, attrs) =>
    lower(graph, Object.values(inputs).flat(), attrs as Attrs)
