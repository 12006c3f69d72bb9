// A frame of the benchmark's page: one competitor, called by the page.
import { createLane, type Lane } from './lane.ts'
import type { Blocks, MeasureRequest, ProductsResult, StagesResult } from './report.ts'

declare global {
  /** What a frame gives its page. */
  var frame: Lane & {
    stages(request: MeasureRequest): Promise<StagesResult>
    products(blocks: Blocks): Promise<ProductsResult>
  }
}

const lane = createLane()
globalThis.frame = {
  ...lane,
  // Arrays of the page are none to libraries in here: a copy is made of them.
  start: (what) => lane.start(structuredClone(what)),
  stages: async (request) => (await import('./stages-run.ts')).measureStages(request),
  products: async (blocks) => (await import('./products.ts')).measureAdapter(blocks),
}
