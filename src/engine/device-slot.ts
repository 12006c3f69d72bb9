// The engine's device: opened once, used by all, told of when it is lost.
import type { DevicePreference } from '#protocol'
import { type DeviceInfo, EngineError, errorInfo, type Measured } from '#sdk'
import type { EventBus } from './events/event-bus.ts'
import type { Device, Host } from './host.ts'

export interface DeviceSlotOptions {
  readonly host: Pick<Host, 'openDevice'>
  readonly bus: EventBus
  /** Ends what uses a lost device, before it is disposed. */
  onLost(): Promise<void>
}

export class DeviceSlot {
  readonly #options: DeviceSlotOptions
  #device: Device | undefined

  constructor(options: DeviceSlotOptions) {
    this.#options = options
  }

  /** Throws `device.unavailable` while there is none. */
  get device(): Device {
    if (this.#device) return this.#device
    throw new EngineError({
      code: 'device.unavailable',
      message: 'there is no device to compute on yet, or it was lost',
      hint: 'boot the engine first',
    })
  }

  async open(preference: DevicePreference, measured?: readonly Measured[]): Promise<DeviceInfo> {
    if (this.#device) {
      throw new EngineError({
        code: 'device.unavailable',
        message: `the engine runs on ${this.#device.info.label} already`,
        hint: 'a device is chosen once; make a new engine for another',
      })
    }
    const { host, bus } = this.#options
    const device = await host.openDevice(preference, measured)
    this.#device = device
    void device.lost.then((reason) => this.#lost(device, reason))
    bus.emit('device.ready', { ...device.info, features: [...device.info.features] })
    return device.info
  }

  async #lost(device: Device, reason: string): Promise<void> {
    this.#device = undefined
    await this.#options.onLost()
    device.dispose()
    const error = new EngineError({
      code: 'device.lost',
      message: `the device ${device.info.label} was lost: ${reason}`,
      hint: 'start again; the project and its plugins are as they were',
    })
    this.#options.bus.emit('device.lost', { error: errorInfo(error) })
  }
}
