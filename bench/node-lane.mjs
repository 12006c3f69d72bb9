// One competitor of bench/node.mjs, in a process of its own: node node-lane.mjs <dawn> <bundle>.

const [dawn, bundle] = process.argv.slice(2)
if (!dawn || !bundle || !process.send) throw new Error('bench/node.mjs starts it')
const { create, globals } = await import(dawn)
Object.assign(globalThis, globals)
// From Node 21 on there is one, without WebGPU.
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: create([]), userAgent: 'Node' },
  configurable: true,
})
// Libraries bundled for browsers know a worker by it, and have nothing for Node.
Object.assign(globalThis, { WorkerGlobalScope: class {} })
const { createLane, measureAdapter } = /** @type {typeof import('./node.ts')} */ (
  await import(bundle)
)
const lane = { ...createLane(), products: measureAdapter }

/** @param {{ id: number, method: keyof typeof lane, args: never[] }} call */
async function answer({ id, method, args }) {
  try {
    const run = /** @type {(...args: never[]) => Promise<unknown>} */ (lane[method])
    process.send?.({ id, value: await run(...args) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) })
  }
}

process.on('message', (/** @type {Parameters<typeof answer>[0]} */ call) => void answer(call))
