// What a run gets of the engine: parts by reference, hooks, events, the device.
import type { ExperimentConfig } from '#sdk'
import type { Device, Host } from './host.ts'
import type { Core } from './lifecycle/index.ts'
import type { RunEnvironment } from './nn/index.ts'

export function runEnvironment(
  { creator, hooks, bus, asset, enter, locate }: Core,
  host: Host,
  device: Device,
  experiment: ExperimentConfig,
): RunEnvironment {
  const place = { value: experiment, path: ['experiment'] }
  return {
    create: (kind, ref, env) => creator.create(kind, ref, env, place),
    ownerOf: (kind, ref) => creator.find(kind, ref, place).plugin,
    hooks,
    emit: (type, data) => bus.emit(type, data),
    asset,
    device,
    now: () => host.now(),
    breathe: () => host.breathe(),
    beat: () => host.beat(),
    enter,
    locate,
  }
}
