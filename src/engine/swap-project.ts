// Takes a changed project while plugins are up: all of it, between two steps of the run that is on, or nothing.
import { type EngineError, errorInfo } from '#sdk'
import type { ProjectConfig } from './config/index.ts'
import type { EventBus } from './events/event-bus.ts'
import { joined } from './joined.ts'
import {
  followSwitches,
  type Lifecycle,
  type OpenProject,
  planReload,
  reload,
} from './lifecycle/index.ts'
import type { ModuleGraph } from './modules/index.ts'
import type { TrainingRun } from './nn/index.ts'
import type { Logs } from './services/index.ts'

export interface SwapParts {
  readonly lifecycle: Lifecycle
  readonly bus: EventBus
  readonly modules: ModuleGraph
  /** The run that is on. */
  readonly run: TrainingRun | undefined
}

/**
 * Brings what differs to its new version, and fresh instances of `renewed`; told by `plugin.reloaded` or
 * `plugin.reload_failed`. Resolves with the problem of a project without mistakes of its own that could not be taken.
 */
export async function swapProject(
  { lifecycle, bus, modules, run }: SwapParts,
  next: OpenProject,
  renewed?: ReadonlySet<string>,
): Promise<EngineError | undefined> {
  const startedMs = performance.now()
  const wasOff = lifecycle.off
  const plan = planReload(lifecycle, next, renewed)
  const names = [...plan.names]
  const durationMs = (): number => performance.now() - startedMs
  try {
    if (next.problems.length > 0) throw joined(next.problems)
    if (names.length === 0) {
      lifecycle.adopt(next, ({ isUp, state }) => isUp || state === 'failed')
      await followSwitches(lifecycle, wasOff)
      return undefined
    }
    const change = async (): Promise<void> => {
      const { rebuiltModel } = await reload(lifecycle, next, plan, (changed) =>
        run?.prepareSwap(changed),
      )
      await followSwitches(lifecycle, wasOff)
      bus.emit('plugin.reloaded', { names, durationMs: durationMs(), rebuiltModel })
    }
    await (run ? run.atBoundary(change) : change())
    return undefined
  } catch (thrown) {
    const error = modules.locate(thrown, { code: 'reload.failed' })
    bus.emit('plugin.reload_failed', { names, durationMs: durationMs(), error: errorInfo(error) })
    return next.problems.length === 0 ? error : undefined
  }
}

/** A run goes on as it began, whatever is edited of the experiment. */
export function tellOfNextRun(logs: Logs, before: ProjectConfig, now: ProjectConfig): void {
  if (JSON.stringify(now.experiment) === JSON.stringify(before.experiment)) return
  logs
    .of()
    .info('the experiment was edited: this run goes on as it began, the next one follows the edit')
}
