// The model of an experiment, built as a run would build it, described, and freed.
import type { ModelGraph } from '#protocol'
import { createRandom, disposeModule, type ExperimentConfig, parametersOf } from '#sdk'
import * as tf from '@tensorflow/tfjs'
import { makeBatch, prepareData, type PreparedData } from '../data/index.ts'
import { type Blueprint, createModel } from './build-model.ts'
import { describeModel } from './describe-model.ts'
import type { RunEnvironment } from './environment.ts'
import { validateModel } from './validate-model.ts'

/** Rows that a model is tried on. */
const ROWS = 2

/** The form of the columns, and the first rows as a batch. */
export function sampleOf({ columns, train }: PreparedData) {
  const rows = Int32Array.from({ length: Math.min(ROWS, train.length) }, (_, i) => i)
  return {
    columns: Object.entries(columns).map(([name, { shape, dtype }]) => {
      return { name, shape: [...shape], dtype }
    }),
    batch: () => makeBatch(train, rows),
  }
}

/** Prepares the data, builds the model and describes it. Throws what would keep a run from starting. */
export async function sketchModel(
  env: RunEnvironment,
  experiment: ExperimentConfig,
): Promise<Omit<ModelGraph, 'name'>> {
  const random = createRandom(experiment.seed)
  const { signal } = new AbortController()
  const announce = () => env.breathe()
  const until = <T>(work: Promise<T>) => work
  const data = await prepareData(experiment, { env, random, signal, announce, until })
  const blueprint: Blueprint = { env, experiment, columns: data.columns, random }
  const model = createModel(blueprint)
  try {
    validateModel(blueprint, { model, parameters: parametersOf(model.instance) })
    const { columns, batch } = sampleOf(data)
    return tf.tidy(() => ({
      columns,
      ...model.call('forward', (it) => describeModel(it, batch(), env.beat), 'model.forward'),
    }))
  } finally {
    disposeModule(model.instance)
  }
}
