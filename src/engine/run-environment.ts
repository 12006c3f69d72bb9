// What a run gets of the engine: parts by reference, hooks, events, the device.
import type { ExperimentConfig } from '#sdk'
import type { Device, Host } from './host.ts'
import {
  capturePlugins,
  countCalls,
  type Core,
  enterEpoch,
  type Lifecycle,
  restorePlugins,
  stepCode,
} from './lifecycle/index.ts'
import type { RunEnvironment } from './nn/index.ts'
import { textReading } from './registry/index.ts'
import type { Turn } from './turn.ts'

interface RunSurroundings {
  readonly core: Core
  readonly lifecycle: Lifecycle
  readonly host: Host
  readonly turn: Turn
  readonly device: Device
  readonly experiment: ExperimentConfig
  /** As `RunOptions` have it. */
  readonly checkpointEveryMs?: number | undefined
}

export function runEnvironment(surroundings: RunSurroundings): RunEnvironment {
  const { core, lifecycle, host, turn, device, experiment } = surroundings
  const { creator, hooks, profiler, bus, logs, asset, enter, locate, checkpoints } = core
  const place = { value: experiment, path: ['experiment'] }
  return {
    create: (kind, ref, env) => creator.create(kind, ref, env, place),
    ownerOf: (kind, ref) => creator.find(kind, ref, place).plugin,
    reading: (ref) => textReading(creator, ref, place),
    hooks,
    profiler,
    emit: (type, data) => bus.emit(type, data),
    log: (plugin) => logs.of(plugin),
    write: (line) => logs.write(line),
    values: lifecycle.project.config.schedules.values,
    enterEpoch: (epoch) => turn.run(() => enterEpoch(lifecycle, epoch)),
    plugins: {
      // In the run's own turn at a step boundary, which a reload waits for.
      capture: () => capturePlugins(lifecycle),
      restore: (states) => turn.run(() => restorePlugins(lifecycle, states, logs)),
    },
    checkpoints: {
      everyMs: surroundings.checkpointEveryMs,
      isTaken: () => checkpoints.isTaken,
      keep: (info, file, isAutomatic) => checkpoints.keep(info, file, isAutomatic),
      remove: (run, name) => checkpoints.remove(run, name),
    },
    stepCode: (plugins) => stepCode(core, lifecycle, plugins),
    countCalls: () => countCalls(hooks),
    callers: core.callers,
    placesIn: core.placesIn,
    switched: () => lifecycle.asked,
    asset,
    device,
    get compile() {
      return lifecycle.project.config.device.compile
    },
    now: () => host.now(),
    breathe: () => host.breathe(),
    beat: () => host.beat(),
    enter,
    locate,
  }
}
