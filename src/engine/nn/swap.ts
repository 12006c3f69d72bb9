// Hot reload under a live run: new parts take over weights and optimizer state, or nothing changes.
import type * as tf from '@tensorflow/tfjs'
import { buffersOf, disposeModule, EngineError, type Model, parametersOf } from '#sdk'
import type { Part } from './part.ts'
import { type Blueprint, createModel } from './build-model.ts'
import {
  createLoss,
  createMetrics,
  createOptimizer,
  createSchedule,
  createStrategy,
  type Parts,
} from './parts.ts'
import { validateModel } from './validate-model.ts'

export interface Swap {
  parts: Parts
  rebuiltModel: boolean
  /** Frees what the new parts replaced. */
  retireOld: () => void
  /** Frees the new parts. */
  discardNew: () => void
}

/**
 * Builds anew what was built from code of `changed`, and nothing else. `rehearse` runs the new parts once.
 * Throws, with nothing left behind, when a part does not build, a parameter lost its place or shape, a new
 * model is refused, or the rehearsal fails.
 */
export function buildSwap(
  blueprint: Blueprint,
  old: Parts,
  changed: ReadonlySet<string>,
  rehearse: (parts: Parts) => void,
): Swap {
  const isStale = (part: Part<unknown> | undefined): boolean =>
    part !== undefined && [...part.plugins].some((name) => changed.has(name))
  const undo: (() => void)[] = []
  const retire: (() => void)[] = []
  try {
    let { model, optimizer } = old
    if (isStale(model)) {
      model = createModel(blueprint)
      undo.push(() => disposeModule(model.instance))
      retire.push(() => disposeModule(old.model.instance))
      carryWeights(old.model, model)
    }
    if (isStale(optimizer)) {
      optimizer = createOptimizer(blueprint, model)
      undo.push(() => optimizer.finish('dispose', (it) => it.dispose()))
      retire.push(() => old.optimizer.finish('dispose', (it) => it.dispose()))
      optimizer.call('restore', (it) => it.restore(old.optimizer.instance.state()))
    }
    // A new model may bring another loss, and a new head other metrics.
    const isNew = model !== old.model
    const parts: Parts = {
      model,
      parameters: isNew ? parametersOf(model.instance) : old.parameters,
      loss: isNew || isStale(old.loss) ? createLoss(blueprint, model) : old.loss,
      metrics: isNew || old.metrics.some(isStale) ? createMetrics(blueprint, model) : old.metrics,
      optimizer,
      schedule: isStale(old.schedule) ? createSchedule(blueprint) : old.schedule,
      strategy: isStale(old.strategy) ? createStrategy(blueprint) : old.strategy,
    }
    if (isNew) validateModel(blueprint, parts)
    rehearse(parts)
    const runAll = (work: (() => void)[]) => () => {
      for (const each of work) each()
    }
    return {
      parts,
      rebuiltModel: isNew,
      retireOld: runAll(retire),
      discardNew: runAll(undo),
    }
  } catch (thrown) {
    for (const each of undo) each()
    throw thrown
  }
}

/** Gives the new model the values of the old one, by path and shape. Shares data, copies nothing. */
function carryWeights(from: Part<Model>, to: Part<Model>): void {
  const target = variablesOf(to)
  const pairs = [...variablesOf(from)].map(([path, variable]) => {
    const place = target.get(path)
    if (!place) throw lost(to, path, 'is gone from the new version')
    const [before, after] = [variable.shape.join(', '), place.shape.join(', ')]
    if (before === after) return [place, variable] as const
    throw lost(to, path, `had shape [${before}] and has [${after}] in the new version`)
  })
  for (const [place, variable] of pairs) place.assign(variable)
}

const variablesOf = ({ instance }: Part<Model>): Map<string, tf.Variable> =>
  new Map([...parametersOf(instance), ...buffersOf(instance)])

const lost = (model: Part<Model>, path: string, what: string): EngineError =>
  new EngineError({
    code: 'reload.failed',
    message: `parameter ${path} of ${model.label} ${what}, so its trained values have no place to go`,
    plugin: model.plugin,
    hint: 'keep the field and its shape while the run is going, or stop the run and start it anew',
  })
