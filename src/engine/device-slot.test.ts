// What was measured on an adapter goes to the device, and what the device tells comes back to whoever boots the engine.
import { expect, test } from 'vitest'
import { deviceSchema } from '#protocol'
import type { DeviceInfo, Measured } from '#sdk'
import { DeviceSlot } from './device-slot.ts'
import { EventBus } from './events/event-bus.ts'

test('a device gets what was measured before, and tells what holds for the next', async () => {
  const before: Measured[] = [{ adapter: 'a', products: 'tiles' }]
  const info: DeviceInfo = {
    backend: 'webgpu',
    label: 'WebGPU',
    reason: 'as asked for',
    isSoftware: false,
    features: ['subgroups'],
    measured: { adapter: 'b', products: 'quads' },
  }
  const given: unknown[] = []
  const told: unknown[] = []
  const slot = new DeviceSlot({
    host: {
      openDevice(_, measured) {
        given.push(measured)
        return Promise.resolve({
          info,
          memory: () => ({ tensors: 0, bytes: 0 }),
          lost: new Promise<string>(() => undefined),
          dispose: () => undefined,
        })
      },
    },
    bus: new EventBus({
      now: () => 0,
      step: () => undefined,
      onEvent: ({ data }) => void told.push(data),
      onFailure: (error) => {
        throw error
      },
    }),
    onLost: () => Promise.resolve(),
  })
  expect(deviceSchema.parse(await slot.open('webgpu', before))).toEqual(info)
  expect(given).toEqual([before])
  expect(told).toEqual([info])
})
