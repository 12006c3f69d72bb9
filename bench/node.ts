// What bench/node.mjs and its lanes need of the benchmark, bundled for Node.
export { measureAdapter } from './products.ts'
export { createLane } from './lane.ts'
export { measureMemory, measureWorkload } from './measure.ts'
