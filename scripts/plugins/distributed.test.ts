// A run on several engines learns what one engine learns on all rows.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin, type HookArgs, parametersOf } from '#sdk'
import { type GroupMember, MeetingPlace } from '../../src/engine/group/index.ts'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const project = (batchSize: number, more = 'validate_every: 1'): string => `
plugins: { use: { model_averaging: {}, weights: {} } }
experiment:
  seed: 3
  dataset: { name: moons, config: { rows: 160 } }
  model: { name: mlp, config: { hidden: [8], input: features } }
  head: { name: classification, config: { dropout_rate: 0 } }
  training:
    optimizer: sgd
    sampler: distributed
    batch_size: ${batchSize}
    max_steps: 8
    ${more}
`

async function train(config: string, group?: GroupMember) {
  let weights: number[] = []
  const spy = definePlugin({
    manifest: { name: 'weights', version: '1.0.0' },
    methods: {
      async onTrainEnd({ run }: HookArgs<'onTrainEnd'>) {
        const values = [...parametersOf(run.model).values()].map((it) => it.data<'float32'>())
        weights = (await Promise.all(values)).flatMap((part) => [...part])
      },
    },
  })
  const bench = new Workbench({ plugins: [...builtinPlugins, spy], ...(group && { group }) })
  const ended = await bench.train({}, config)
  return { bench, ended, weights }
}

const valuesOf = (bench: Workbench, metric: string): number[] =>
  bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values[metric] ?? []))

test('[F10] two ranks that average each step go the way of one engine on both their batches', async () => {
  const place = new MeetingPlace(2)
  const [first, second] = await Promise.all(
    [0, 1].map((rank) => train(project(8), place.member(rank))),
  )
  const alone = await train(project(16))
  expect(first!.ended).toMatchObject({ reason: 'finished', step: 8 })
  expect(first!.weights).toEqual(second!.weights)
  expect(first!.weights.length).toBeGreaterThan(20)
  first!.weights.forEach((weight, i) => expect(weight).toBeCloseTo(alone.weights[i]!, 6))
  // Each saw rows of its own: the losses of training differ, those of validation are of the same weights.
  expect(valuesOf(first!.bench, 'loss')).not.toEqual(valuesOf(second!.bench, 'loss'))
  expect(valuesOf(first!.bench, 'val_loss')).toEqual(valuesOf(second!.bench, 'val_loss'))
  const means = valuesOf(first!.bench, 'loss').map(
    (loss, i) => (loss + valuesOf(second!.bench, 'loss')[i]!) / 2,
  )
  means.forEach((mean, i) => expect(mean).toBeCloseTo(valuesOf(alone.bench, 'loss')[i]!, 5))
})

test('[F10] a rank that is left alone ends its run and says for whom it waited', async () => {
  const place = new MeetingPlace(2)
  place.leave(1, 'its sandbox went away')
  const { ended } = await train(project(8), place.member(0))
  expect(ended).toMatchObject({ state: 'ended' })
  expect(ended.message).toMatch(/waits in allMean\(\).* for rank 1, which is gone: its sandbox/)
})
