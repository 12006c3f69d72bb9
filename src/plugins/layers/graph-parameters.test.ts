// Layers of model graphs that have parameters, or sizes: what shape they give, what they refuse.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  componentOf,
  type CreatePart,
  createRandom,
  type LayerInput,
  parametersOf,
  type PluginClass,
} from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import { quiet } from '../testing/model.ts'
import { fill } from '../testing/reference.ts'
import dense from './dense.ts'
import fullAttention from './full-attention.ts'
import images from './images.ts'
import linearAttention from './linear-attention.ts'
import mlpFfn from './mlp-ffn.ts'
import norms from './norms.ts'
import sequences from './sequences.ts'

beforeAll(() => tf.setBackend('cpu'))

const providers = {
  full: await initialize(fullAttention),
  linear: await initialize(linearAttention),
  mlp: await initialize(mlpFfn),
}
const create: CreatePart = (kind, ref, env) => {
  const { name, config } = componentOf(ref ?? (kind === 'ffn' ? 'mlp' : 'full'))
  return providers[name as keyof typeof providers].create(kind, name, config, env)
}

async function build(Plugin: PluginClass, name: string, shape: number[], config: unknown) {
  const plugin = await initialize(Plugin, {})
  return buildModule(createRandom(1), () =>
    plugin.create('layer', name, config, { shape, create } as { shape: number[] }),
  )
}

describe('[G13] a layer gives', () => {
  test.each([
    [dense, 'linear', [3, 4], { units: 5 }, [3, 5], ['weight', 'bias']],
    [dense, 'linear', [4], { units: 5, bias: false }, [5], ['weight']],
    [dense, 'dropout', [4], { rate: 0.5 }, [4], []],
    [norms, 'layer_norm', [3, 4], {}, [3, 4], ['weight', 'bias']],
    [norms, 'rms_norm', [3, 4], {}, [3, 4], ['weight']],
    [images, 'conv2d', [6, 6, 2], { channels: 3, stride: 2 }, [3, 3, 3], ['weight', 'bias']],
    [images, 'max_pool2d', [6, 6, 2], {}, [3, 3, 2], []],
    [images, 'avg_pool2d', [6, 6, 2], { size: 3, stride: 1 }, [4, 4, 2], []],
    [images, 'global_pool', [6, 6, 2], { how: 'max' }, [2], []],
    [
      sequences,
      'feed_forward',
      [5, 4],
      {},
      [5, 4],
      ['up.weight', 'up.bias', 'down.weight', 'down.bias'],
    ],
    [
      sequences,
      'swiglu',
      [5, 4],
      { hidden: 6 },
      [5, 4],
      ['gate_proj.weight', 'up_proj.weight', 'down_proj.weight'],
    ],
    [sequences, 'positions', [5, 4], {}, [5, 4], ['weight']],
    [sequences, 'rotary', [5, 4], {}, [5, 4], []],
    ...['rnn', 'gru', 'lstm'].map(
      (name) =>
        [
          sequences,
          name,
          [5, 3],
          { units: 4 },
          [5, 4],
          ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'],
        ] as const,
    ),
  ] as const)('%o %s of %o with %o', async (Plugin, name, shape, config, given, paths) => {
    const layer = await build(Plugin, name, [...shape], config)
    expect(layer.forward(fill([2, ...shape], 1), quiet).shape).toEqual([2, ...given])
    expect([...parametersOf(layer).keys()]).toEqual(paths)
  })

  test('attention by name, with the paths of its projections', async () => {
    for (const attention of ['full', 'linear']) {
      const layer = await build(sequences, 'attention', [5, 8], { attention, heads: 2 })
      expect(layer.forward(fill([2, 5, 8], 1), quiet).shape).toEqual([2, 5, 8])
      expect([...parametersOf(layer).keys()]).toContain('attn.query.weight')
    }
  })

  test('vectors for ids', async () => {
    const layer = await build(dense, 'embedding', [3], { vocabulary: 7, width: 4 })
    const ids = tf.tensor2d([[0, 6, 1]], [1, 3], 'int32')
    expect(layer.forward(ids, quiet).shape).toEqual([1, 3, 4])
  })
})

describe('a mask', () => {
  const mask = () => tf.tensor2d([1, 1, 0, 0, 1, 1, 1, 1], [2, 4])
  const x = () => fill([2, 4, 8], 1, 4)
  /** The same with other values where the mask is 0. */
  const other = () => x().add(tf.scalar(1).sub(mask()).expandDims(2).mul(9))

  test.each([
    [sequences, 'attention', { heads: 2 }],
    [sequences, 'attention', { heads: 2, attention: 'linear' }],
    [sequences, 'lstm', { units: 4 }],
    [sequences, 'gru', { units: 4, reverse: true }],
    [sequences, 'rnn', { units: 4 }],
    [images, 'global_pool', {}],
    [images, 'global_pool', { how: 'max' }],
  ] as const)(
    '%o %s %o reads it as second input or from the context',
    async (Plugin, name, config) => {
      const layer = await build(Plugin, name, [4, 8], config)
      const values = (input: LayerInput, ctx = quiet) => {
        const y = layer.forward(input, ctx)
        // What positions give that are left out is nobody's concern.
        const counted = y.rank === 3 ? y.mul(mask().expandDims(2)) : y
        // Zero has two signs.
        return Array.from(counted.dataSync(), (value) => value + 0)
      }
      const wanted = values([x(), mask()])
      expect(values([other(), mask()])).toEqual(wanted)
      expect(values(other(), { ...quiet, mask: mask() })).toEqual(wanted)
      expect(values(other())).not.toEqual(wanted)
    },
  )
})

test.each([
  [dense, 'linear', [], { units: 2 }, 'rows of it are single numbers'],
  [norms, 'rms_norm', [], {}, 'rows of it are single numbers'],
  [
    images,
    'conv2d',
    [8, 8],
    { channels: 2 },
    'takes images [height, width, channels], but rows have shape [8, 8]',
  ],
  [
    sequences,
    'lstm',
    [8, 8, 1],
    { units: 2 },
    'takes sequences [time, width], but rows have shape [8, 8, 1]',
  ],
  [sequences, 'rotary', [4, 3], {}, 'turn pairs of values, but there are 3 values'],
  [sequences, 'attention', [4, 6], { heads: 4 }, 'width 6 cannot be split into 4 heads'],
  [
    sequences,
    'attention',
    [4, 8],
    { attention: 'linear', rotary: true },
    'linear attention was asked for rotary',
  ],
] as const)('%o %s refuses %o with %o', async (Plugin, name, shape, config, message) => {
  await expect(build(Plugin, name, [...shape], config)).rejects.toThrow(message)
})
