// The hooks of a run, as a plugin of the workspace sees them: their order and what they are given.
import { expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** Writes every hook with the names of its arguments into the log. */
const recorder = `import { plugin } from 'plugboard'
const names = [
  'onModelInit', 'onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onStepBegin', 'onStepEnd',
  'onBatchBegin', 'onBatchEnd', 'onBackwardBegin', 'onBackwardEnd', 'onOptimizerStep', 'onMetrics',
  'onValidationBegin', 'onValidationEnd',
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

test('[A08] hooks are called in the documented order, with the documented arguments, also when batches are accumulated', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const ended = await bench.train(
    { 'plugins/recorder.ts': recorder },
    `experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, epochs: 1, batch_size: 8, accumulate: 2 }
`,
  )
  expect(ended).toMatchObject({ reason: 'finished', step: 2 })
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
  const lines = (level: string) =>
    bench.events('log').flatMap((event) => (event.level === level ? [event.message] : []))
  expect(lines('info')).toEqual([
    'onModelInit model run',
    'onTrainBegin resumed run',
    'onEpochBegin epoch run',
    ...step,
    ...step,
    'onMetrics epoch metrics run step',
    'onMetrics epoch metrics run step',
    'onValidationBegin epoch run step',
    'onValidationEnd epoch metrics run step',
    'onEpochEnd epoch metrics run',
    'onTrainEnd metrics reason run',
  ])
  expect(lines('debug')).toEqual(['false', 'true', 'false', 'true'])
})
