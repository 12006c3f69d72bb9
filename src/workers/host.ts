// The surroundings of an engine in the sandbox's worker: modules from blobs, a device, turns of the event loop.
import type { Host } from '#engine'
import type { Activity } from './activity.ts'
import { openDevice, type OpenOptions } from './device/index.ts'

const modules: Host['modules'] = {
  urlOf: (code) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' })),
  revoke: (url) => URL.revokeObjectURL(url),
  import: (url) => import(/* @vite-ignore */ url),
}

/** Unlike a timer's, this turn is neither clamped to 4 ms nor slowed down behind a hidden tab. */
function breathe(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

/** `device` says where the device gets files from and tells its errors. */
export function workerHost(
  { beat, enter, work }: Activity,
  device: Pick<OpenOptions, 'asset' | 'onError'>,
): Host {
  return {
    modules,
    openDevice: (preference, measured) =>
      openDevice(preference, { ...device, measured, beat, work }),
    now: () => performance.timeOrigin + performance.now(),
    breathe,
    beat,
    enter,
  }
}
