// Points in a plane, generated: classes that a straight line cannot tell apart.
import { plugin, type Random, type Table, z } from 'plugboard'

const rows = z.int().min(4).max(1_000_000).default(600).describe('points in all')
const noise = (usual: number) =>
  z.number().min(0).default(usual).describe('deviation of the normal noise on both coordinates')

const moons = z.strictObject({ rows, noise: noise(0.1) })
const circles = z.strictObject({
  rows,
  noise: noise(0.05),
  factor: z.number().gt(0).lt(1).default(0.5).describe('radius of the inner circle'),
})
const xor = z.strictObject({ rows, noise: noise(0.05) })
const spirals = z.strictObject({
  rows,
  noise: noise(0.03),
  arms: z.int().min(2).max(10).default(2).describe('spirals, each a class'),
  turns: z.number().gt(0).max(10).default(1.25).describe('times that each winds around the centre'),
})
const blobs = z.strictObject({
  rows,
  centres: z.int().min(2).max(20).default(3).describe('clouds around a circle, each a class'),
  deviation: z.number().gt(0).default(0.25).describe('of each cloud'),
})

interface Point {
  x: number
  y: number
  label: number
}

/** `count` points in an order of no meaning, with noise. */
function tableOf(
  random: Random,
  { rows: count, noise: deviation, classes }: { rows: number; noise: number; classes: number },
  pointOf: (index: number) => Point,
): Table {
  const order = random.fork('order').permutation(count)
  const jitter = random.fork('noise').normals(2 * count, deviation)
  const features = new Float32Array(2 * count)
  const labels = new Int32Array(count)
  order.forEach((index, i) => {
    const { x, y, label } = pointOf(index)
    features[2 * i] = x + jitter[2 * i]!
    features[2 * i + 1] = y + jitter[2 * i + 1]!
    labels[i] = label
  })
  return {
    length: count,
    columns: {
      features: { type: 'number', data: features, shape: [2], dtype: 'float32' },
      labels: {
        type: 'number',
        data: labels,
        shape: [],
        dtype: 'int32',
        limit: classes,
        classes: Array.from({ length: classes }, (_, label) => `class ${label}`),
      },
    },
  }
}

/** Where point `index` of its class stands among them, in [0, 1]; classes take turns. */
const placeOf = (index: number, count: number, classes: number): number => {
  const last = Math.ceil(count / classes) - 1
  return last === 0 ? 0 : Math.floor(index / classes) / last
}

/** Two half circles that hold each other, as scikit-learn's `make_moons`. */
function moonAt(index: number, count: number): Point {
  const label = index % 2
  const angle = Math.PI * placeOf(index, count, 2)
  return label === 0
    ? { x: Math.cos(angle), y: Math.sin(angle), label }
    : { x: 1 - Math.cos(angle), y: 0.5 - Math.sin(angle), label }
}

/** A circle within another, as scikit-learn's `make_circles`. */
function circleAt(index: number, count: number, factor: number): Point {
  const label = index % 2
  const angle = (2 * Math.PI * Math.floor(index / 2)) / Math.ceil(count / 2)
  const radius = label === 0 ? 1 : factor
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), label }
}

/** Archimedean spirals from near the centre to radius 1. */
function spiralAt(index: number, count: number, arms: number, turns: number): Point {
  const label = index % arms
  const radius = 0.05 + 0.95 * placeOf(index, count, arms)
  const angle = 2 * Math.PI * (turns * radius + label / arms)
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), label }
}

export default class Points extends plugin({
  manifest: {
    name: 'points',
    version: '1.0.0',
    category: 'dataset',
    description: 'Generated points in a plane: spirals, moons, circles, xor and clouds',
    tags: ['generated', 'classification'],
    provides: [
      'dataset/spirals',
      'dataset/moons',
      'dataset/circles',
      'dataset/xor',
      'dataset/blobs',
    ],
  },
}) {
  initialize() {
    const columns = 'columns `features` [2] and `labels`'
    this.ctx.provide(
      'dataset',
      'spirals',
      ({ arms, turns, ...options }, { random }) => ({
        load: async () =>
          tableOf(random, { ...options, classes: arms }, (i) =>
            spiralAt(i, options.rows, arms, turns),
          ),
      }),
      { config: spirals, description: `spirals around one centre; ${columns}` },
    )
    this.ctx.provide(
      'dataset',
      'moons',
      (options, { random }) => ({
        load: async () =>
          tableOf(random, { ...options, classes: 2 }, (i) => moonAt(i, options.rows)),
      }),
      { config: moons, description: `two half circles that hold each other; ${columns}` },
    )
    this.ctx.provide(
      'dataset',
      'circles',
      ({ factor, ...options }, { random }) => ({
        load: async () =>
          tableOf(random, { ...options, classes: 2 }, (i) => circleAt(i, options.rows, factor)),
      }),
      { config: circles, description: `a circle within another; ${columns}` },
    )
    this.ctx.provide(
      'dataset',
      'xor',
      (options, { random }) => ({
        load: async () => {
          const at = random.fork('places').uniforms(2 * options.rows, -1, 1)
          return tableOf(random, { ...options, classes: 2 }, (i) => {
            const [x, y] = [at[2 * i]!, at[2 * i + 1]!]
            return { x, y, label: x > 0 === y > 0 ? 0 : 1 }
          })
        },
      }),
      { config: xor, description: `four squares, those across from each other alike; ${columns}` },
    )
    this.ctx.provide(
      'dataset',
      'blobs',
      ({ rows: count, centres, deviation }, { random }) => ({
        load: async () =>
          tableOf(random, { rows: count, noise: deviation, classes: centres }, (i) => {
            const label = i % centres
            const angle = (2 * Math.PI * label) / centres
            return { x: Math.cos(angle), y: Math.sin(angle), label }
          }),
      }),
      { config: blobs, description: `normal clouds around a circle; ${columns}` },
    )
  }
}
