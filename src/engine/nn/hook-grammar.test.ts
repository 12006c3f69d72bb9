// The hooks of a run, as a plugin of the workspace sees them: their order and what they are given.
import { expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** Writes every hook with the names of its arguments into the log. */
const recorder = `import { plugin } from 'plugboard'
const names = [
  'onModelInit', 'onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onStepBegin', 'onStepEnd',
  'onBatchBegin', 'onBatchEnd', 'onBackwardBegin', 'onBackwardEnd', 'onOptimizerStep', 'onMetrics',
  'onValidationBegin', 'onValidationEnd', 'onCheckpointSave', 'onCheckpointLoad',
]
export default class extends plugin({ manifest: { name: 'recorder', version: '1.0.0' } }) {
  start() {
    for (const name of names) {
      this.ctx.hook(name, (args) => {
        this.ctx.log.info(name + ' ' + Object.keys(args).sort().join(' '))
        if (name === 'onBackwardEnd') this.ctx.log.debug(String(args.isLast))
      })
    }
  }
}
`

const project = `experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, epochs: 1, batch_size: 8, accumulate: 2 }
`

const batch = [
  'onBatchBegin batch epoch run step',
  'onBatchEnd batch epoch outputs run step',
  'onBackwardBegin epoch loss run step',
  'onBackwardEnd epoch gradients isLast run step',
]
const step = [
  'onStepBegin epoch run step',
  ...batch,
  ...batch,
  'onOptimizerStep epoch optimizer run step',
  'onStepEnd epoch run step',
]
const end = [
  'onValidationBegin epoch run step',
  'onValidationEnd epoch metrics run step',
  'onEpochEnd epoch metrics run',
  'onTrainEnd metrics reason run',
]

const lines = (bench: Workbench, level = 'info') =>
  bench.events('log').flatMap((event) => (event.level === level ? [event.message] : []))

test('[A08] hooks are called in the documented order, with the documented arguments, also when batches are accumulated', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const ended = await bench.train({ 'plugins/recorder.ts': recorder }, project)
  expect(ended).toMatchObject({ reason: 'finished', step: 2 })
  expect(lines(bench)).toEqual([
    'onModelInit model run',
    'onTrainBegin resumed run',
    'onEpochBegin epoch run',
    ...step,
    ...step,
    'onMetrics epoch metrics observed run step',
    'onMetrics epoch metrics observed run step',
    ...end,
  ])
  expect(lines(bench, 'debug')).toEqual(['false', 'true', 'false', 'true'])
})

test('[A08] a checkpoint is saved between two steps, and loaded before a run goes on', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const saver = pluginFile(
    { name: 'saver' },
    `onStepEnd({ run, step }) { if (step === 1) run.checkpoint('first') }
    onCheckpointSave({ checkpoint }) { this.ctx.log.warn(checkpoint.path + ' ' + checkpoint.step) }
    onCheckpointLoad({ checkpoint, step }) { this.ctx.log.warn(checkpoint.path + ' ' + step) }
    onTrainBegin({ resumed }) { this.ctx.log.warn('resumed: ' + resumed) }`,
  )
  const files = { 'plugins/recorder.ts': recorder, 'plugins/saver.ts': saver }
  await bench.train(files, project)
  expect(lines(bench)).toEqual([
    'onModelInit model run',
    'onTrainBegin resumed run',
    'onEpochBegin epoch run',
    ...step,
    'onMetrics epoch metrics observed run step',
    'onCheckpointSave checkpoint epoch run step',
    ...step,
    'onMetrics epoch metrics observed run step',
    ...end,
  ])
  bench.records.length = 0
  await bench.engine.startRun({ from: 'checkpoints/first.safetensors' })
  await bench.ended()
  expect(lines(bench)).toEqual([
    'onModelInit model run',
    'onCheckpointLoad checkpoint epoch run step',
    'onTrainBegin resumed run',
    ...step,
    'onMetrics epoch metrics observed run step',
    ...end,
  ])
  expect(lines(bench, 'warn')).toEqual(['checkpoints/first.safetensors 1', 'resumed: true'])
})
