// What packed graphs compute.
import { interpret, type Values } from '../graph/interpret.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import type { Packed } from './pack.ts'

/** Values of the outputs once packed, as memory has them: members side by side, tables as they are. */
export function valuesOf(
  { outputs, wholes, given, tables }: Packed,
  inputs: Map<Node, Values>,
): Values[] {
  const all = new Map(inputs)
  for (const [node, values] of tables) all.set(node, values)
  for (const { node, members, windows } of given) {
    // What is between members must not matter.
    const memory = new Float32Array(sizeOf(node.shape)).fill(NaN)
    for (const { node: member, offset } of members) memory.set(inputs.get(member)!, offset)
    all.set(node, memory)
    for (const { node: window, offset } of windows)
      all.set(window, memory.slice(offset, offset + sizeOf(window.shape)))
  }
  const values = outputs.map((node) => (node ? evaluate(node, all) : new Float32Array()))
  for (const { node, parts } of wholes) {
    const memory = evaluate(node, all)
    for (const { output, offset } of parts) values[output] = memory.subarray(offset)
  }
  return values
}

export const evaluate = (node: Node, inputs: ReadonlyMap<Node, Values>): Values => {
  const bySlot: Values[] = []
  for (const [input, values] of inputs) if (input.op === 'input') bySlot[input.slot] = values
  return interpret([node], bySlot)[0]!
}
