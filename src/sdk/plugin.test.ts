import type * as tf from '@tensorflow/tfjs'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type Context,
  definePlugin,
  defineService,
  type HookArgs,
  type HookHandler,
  plugin,
  pluginSpec,
  z,
} from './index.ts'

const Clock = defineService<{ now(): number }>('core.clock')
const manifest = { name: 'a', version: '1.0.0' }
const ctx = {} as Context

describe('plugin()', () => {
  test('config, services and context are typed and there in field initialisers', () => {
    class Stop extends plugin({
      manifest,
      config: z.object({ patience: z.int().default(5) }),
      inject: { clock: Clock },
    }) {
      left = this.config.patience
      onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
        expectTypeOf(epoch).toEqualTypeOf<number>()
        expectTypeOf(metrics).toEqualTypeOf<Record<string, number>>()
        expectTypeOf(this.services.clock.now()).toEqualTypeOf<number>()
        expectTypeOf(this.config).toEqualTypeOf<{ patience: number }>()
      }
    }
    const made = new Stop({ ctx, config: { patience: 3 }, services: { clock: { now: () => 1 } } })
    expect(made.left).toBe(3)
    expect(made.ctx).toBe(ctx)
    expect(pluginSpec(Stop)!.manifest).toBe(manifest)
    expect(pluginSpec(class {})).toBeUndefined()
  })

  test('[K24] a plain object joins as a plugin, with `this` and hook arguments typed', () => {
    const Defined = definePlugin({
      manifest,
      config: z.object({ text: z.string() }),
      methods: {
        onEpochEnd({ epoch }) {
          expectTypeOf(epoch).toEqualTypeOf<number>()
          expectTypeOf(this.config.text).toEqualTypeOf<string>()
        },
        capture() {
          return this.config.text
        },
      },
    })
    const made = new Defined({ ctx, config: { text: 'hi' }, services: {} }) as unknown as {
      capture(): string
    }
    expect(made.capture()).toBe('hi')
    expect(pluginSpec(Defined)!.manifest).toBe(manifest)
    definePlugin({
      manifest,
      methods: {
        start() {
          expectTypeOf(this.count(1)).toEqualTypeOf<number>()
        },
        // Others than those of a life or of hooks, for `ctx.call`.
        count(by: number) {
          return by + 1
        },
      },
    })
    // @ts-expect-error there is no such hook
    definePlugin({ manifest, methods: { onEpochEnt() {} } })
    // @ts-expect-error a pipe over gradients must return a map of tensors
    const wrong: HookHandler<'onBackwardEnd'> = () => 3
    expectTypeOf<ReturnType<HookHandler<'onBackwardEnd'>>>().toEqualTypeOf<
      Map<string, tf.Tensor> | undefined
    >()
    expect(wrong).toBeTypeOf('function')
  })
})
