// The model of the open project for drawings: that of the run, else one that is built for it.
import type { ModelGraph } from '#protocol'
import { componentOf, EngineError, type ExperimentConfig } from '#sdk'
import type { Device, Host } from './host.ts'
import { joined } from './joined.ts'
import type { Core, Lifecycle } from './lifecycle/index.ts'
import { sketchModel, type TrainingRun } from './nn/index.ts'
import { runEnvironment } from './run-environment.ts'
import type { Turn } from './turn.ts'

interface Surroundings {
  readonly core: Core
  readonly lifecycle: Lifecycle
  readonly host: Host
  readonly turn: Turn
  readonly device: Device
}

const nameOf = ({ model }: ExperimentConfig): string => componentOf(model).name

/** Of a run: waits for its next step boundary. */
export async function describeRun(run: TrainingRun): Promise<ModelGraph | undefined> {
  const described = await run.describe()
  return described && { name: nameOf(run.experiment), ...described }
}

/** Brings the plugins up, prepares the data and builds the model. Throws what would keep a run from starting. */
export async function describeProject(surroundings: Surroundings): Promise<ModelGraph> {
  const { core, lifecycle } = surroundings
  const { config, locate } = lifecycle.project
  const { experiment } = config
  if (!experiment) {
    throw new EngineError({
      code: 'config.invalid',
      message: 'plugboard.yaml has no experiment, so there is no model to show',
      source: locate([]),
      hint: 'add `experiment:` with a dataset and a model',
    })
  }
  await lifecycle.bringUp()
  const failures = lifecycle.failures().flatMap((failure) => failure.problems)
  const problems = [...failures, ...core.creator.check(experiment)]
  if (problems.length > 0) throw joined(problems)
  const env = runEnvironment({ ...surroundings, experiment })
  return { name: nameOf(experiment), ...(await sketchModel(env, experiment)) }
}
