// The page's side of the benchmark: opens a frame for each competitor and has them measured.
import { measureMemory, measureWorkload, type Surroundings } from './measure.ts'
import type {
  Blocks,
  MeasureRequest,
  MeasureResult,
  MemoryResult,
  ProductsResult,
  StagesResult,
} from './report.ts'

declare global {
  var measure: {
    workload(request: MeasureRequest): Promise<MeasureResult>
    memory(request: MeasureRequest): Promise<MemoryResult>
    stages(request: MeasureRequest): Promise<StagesResult>
    products(blocks: Blocks): Promise<ProductsResult>
  }
  /** Milliseconds that this page's thread was busy, which its frames share; the command line gives it. */
  var busyMs: () => Promise<number>
}

async function openFrame(): Promise<typeof frame> {
  const element = document.createElement('iframe')
  element.src = './frame.html'
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve))
  document.body.append(element)
  await loaded
  return (element.contentWindow as unknown as { frame: typeof frame }).frame
}

const surroundings: Surroundings = {
  openLane: openFrame,
  busyMs: () => globalThis.busyMs(),
}

globalThis.measure = {
  workload: (request) => measureWorkload(request, surroundings),
  memory: (request) => measureMemory(request, surroundings),
  stages: async (request) => (await openFrame()).stages(request),
  products: async (blocks) => (await openFrame()).products(blocks),
}
