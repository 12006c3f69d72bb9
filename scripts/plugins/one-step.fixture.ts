// A model of built-in parts, held before its first step: what it gives for its rows, and files of it.
import * as tf from '@tensorflow/tfjs'
import { builtinPlugins } from '#plugins'
import { type ComponentRef, definePlugin, type ModelFile, type Table } from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

export interface OneStep {
  columns: Table['columns']
  /** Lines of the experiment: its model. */
  experiment: string
  seed?: number | undefined
  initFrom?: string | undefined
  assets?: Record<string, Uint8Array> | undefined
  /** More files of the workspace. */
  files?: Record<string, string> | undefined
}

export interface Held {
  /** Before the step. */
  readonly logits: number[]
  exported(format: ComponentRef): Promise<ModelFile[]>
}

/** Rows of a batch, all there are. */
export const ROWS = 4

/** Trains a step on four rows. Throws what the run fails with. */
export async function oneStep({
  columns,
  experiment,
  seed = 1,
  initFrom,
  assets = {},
  files = {},
}: OneStep): Promise<Held> {
  const rows = { length: ROWS, columns }
  const logits: number[] = []
  const dataset = definePlugin({
    manifest: { name: 'rows', version: '1.0.0', provides: ['dataset/rows'] },
    methods: {
      initialize(ctx) {
        const load = async () => ({ train: rows, validation: rows })
        ctx.provide('dataset', 'rows', () => ({ load }))
      },
    },
  })
  const keeper = definePlugin({
    manifest: { name: 'keeper', version: '1.0.0' },
    methods: {
      onTrainBegin({ run }) {
        const batch = run.batch('train', [0, 1, 2, 3])
        const outputs = run.predict(batch)
        logits.push(...outputs['logits']!.dataSync())
        tf.dispose([batch, outputs])
        run.checkpoint('start')
      },
    },
  })
  const bench = new Workbench({ plugins: [...builtinPlugins, dataset, keeper], assets })
  const ended = await bench.train(
    files,
    `
plugins: { use: { keeper: {} } }
experiment:
  seed: ${seed}
  dataset: rows
  ${experiment}
  ${initFrom === undefined ? '' : `init_from: ${initFrom}`}
  training: { max_steps: 1, batch_size: ${ROWS}, loss: cross_entropy }
`,
  )
  if (ended.error) throw new Error(ended.error.message)
  return {
    logits,
    exported: (format) => bench.engine.exportModel(format, 'checkpoints/start.safetensors'),
  }
}
