// Surroundings of an engine made in a test: the device that is there already, and no modules.
import * as tf from '@tensorflow/tfjs'
import type { Clock } from '#sdk'
import type { Host } from '../host.ts'
import { surroundings } from './surroundings.ts'

const refuse = (): never => {
  throw new Error('An engine made in a test takes plugin classes, no modules.')
}

export function testHost(clock: Clock | undefined): Host {
  const { beat, device } = surroundings()
  return {
    modules: { urlOf: refuse, revoke: () => undefined, import: refuse },
    openDevice: async () => ({
      info: device,
      memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
      // Should it be lost, that is the end of the engine that runs the test.
      lost: new Promise(() => undefined),
      dispose: () => undefined,
    }),
    now: clock ? () => clock.now() : () => Date.now(),
    breathe: () => new Promise((resolve) => void setTimeout(resolve, 0)),
    beat,
    // Whatever hangs, it is the test that is to blame: its name stands.
    enter: () => undefined,
  }
}
