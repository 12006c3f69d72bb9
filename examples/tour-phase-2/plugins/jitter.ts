// Idea: an augmenter that is all configuration: how likely, how often, by which strategies.
import {
  type AugmentArgs,
  type Augmenter,
  type Context,
  type NumberColumn,
  plugin,
  type Random,
  type Table,
  z,
} from 'plugboard'
import { deviation, mean } from '../lib/columns.ts'
import { Noise } from '../lib/services.ts'

const weight = z.number().min(0).default(1).describe('how often it is chosen beside the others')

const strategy = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('shake').describe('adds noise to all features of a row'),
    size: z.number().min(0).default(0.1).describe('in deviations of the feature'),
    weight,
  }),
  z.strictObject({
    type: z.literal('blank').describe('sets some features of a row to their mean'),
    share: z.number().min(0).max(1).default(0.1).describe('of the features'),
    weight,
  }),
])

const config = z.strictObject({
  prefix: z.string().default('feature_').describe('begins the names of the columns to change'),
  augmentation_probability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('of each row, each time'),
  max_augmentations_per_sample: z.int().min(1).default(1).describe('times that a row may change'),
  strategies: z
    .array(strategy)
    .min(1)
    .default([{ type: 'shake', size: 0.1, weight: 1 }]),
})

type Strategy = z.output<typeof strategy>

/** A column on its way, and where its values lie. */
interface Feature {
  readonly data: Float32Array
  readonly mean: number
  readonly deviation: number
}

class Jitter implements Augmenter {
  readonly #config: z.output<typeof config>
  readonly #noise: Noise
  readonly #events: Context['events']

  constructor(options: z.output<typeof config>, noise: Noise, events: Context['events']) {
    this.#config = options
    this.#noise = noise
    this.#events = events
  }

  augment(table: Table, { training, random, epoch }: AugmentArgs): Table {
    const { prefix, augmentation_probability, max_augmentations_per_sample } = this.#config
    if (!training) return table
    const columns = Object.entries(table.columns).filter(
      (entry): entry is [string, NumberColumn] =>
        entry[0].startsWith(prefix) && entry[1].type === 'number',
    )
    const features = columns.map(([, { data }]) => {
      const values = Float64Array.from(data)
      return {
        data: data.slice() as Float32Array,
        mean: mean(values),
        deviation: deviation(values),
      }
    })
    const started = { input_count: table.length, probability: augmentation_probability }
    this.#emit('started', { epoch, ...started })
    let changed = 0
    for (let row = 0; row < table.length; row++) {
      let times = 0
      while (times < max_augmentations_per_sample && random.next() < augmentation_probability) {
        this.#apply(this.#choose(random), features, row, random)
        times++
      }
      if (times > 0) changed++
    }
    this.#emit('completed', { epoch, output_count: table.length, augmented_count: changed })
    const made = columns.map(([name, column], i) => {
      return [name, { ...column, data: features[i]!.data }] as const
    })
    return { ...table, columns: { ...table.columns, ...Object.fromEntries(made) } }
  }

  #choose(random: Random): Strategy {
    const { strategies } = this.#config
    return strategies[random.pick(strategies.map((each) => each.weight))]!
  }

  #apply(chosen: Strategy, features: readonly Feature[], row: number, random: Random): void {
    for (const feature of features) {
      if (chosen.type === 'shake')
        feature.data[row]! += chosen.size * feature.deviation * this.#noise.draw(random)
      else if (random.next() < chosen.share) feature.data[row] = feature.mean
    }
  }

  #emit(what: string, data: Record<string, unknown>): void {
    this.#events.emit(`augmenter.${what}`, { augmenter: 'jitter', ...data })
  }
}

export default class JitterPlugin extends plugin({
  manifest: {
    name: 'jitter',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Changes the features of training rows a little, others in each epoch',
    provides: ['augmenter/jitter'],
    requires: { 'tour.noise': '*' },
  },
  inject: { noise: Noise },
}) {
  initialize() {
    const { noise } = this.services
    const { events } = this.ctx
    this.ctx.provide('augmenter', 'jitter', (options) => new Jitter(options, noise, events), {
      config,
      description: 'features of training rows, shaken or blanked',
    })
  }
}
