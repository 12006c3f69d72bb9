// The host that the sandbox's worker has, for the engine and for who computes on a device of this project.
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import type { Host } from '#engine'
import { reportActivity } from '../src/workers/activity.ts'
import { workerHost } from '../src/workers/host.ts'

/** As in the sandbox, signs of life go to a port; nobody listens here. */
export const benchHost = (): Host =>
  workerHost(reportActivity(new MessageChannel().port1), {
    asset: async () => (await fetch(wasmUrl)).arrayBuffer(),
    onError: (error) => {
      throw error
    },
  })
