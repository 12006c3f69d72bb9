// One cycle: up from a small learning rate to the full one, then down to almost nothing.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  pct_start: z.number().gt(0).lt(1).default(0.3).describe('share of the run that climbs'),
  anneal_strategy: z.enum(['cos', 'linear']).default('cos').describe('form of both halves'),
  div_factor: z.number().min(1).default(25).describe('the first rate is the full one over this'),
  final_div_factor: z.number().min(1).default(1e4).describe('the last is the first over this'),
})

type OneCycleConfig = z.output<typeof config>

/**
 * Smith & Topin 2018, in PyTorch's form: the optimizer's rate is the largest; its momentum is left alone. The steps
 * of the run are counted from 0 to totalSteps - 1, the top is at pct_start × totalSteps - 1.
 */
function factorOf(
  { pct_start, anneal_strategy, div_factor, final_div_factor }: OneCycleConfig,
  step: number,
  totalSteps: number,
): number {
  const first = 1 / div_factor
  const last = first / final_div_factor
  const top = pct_start * totalSteps - 1
  const at = Math.min(step, totalSteps) - 1
  const [start, end, share] =
    at <= top ? [first, 1, at / top] : [1, last, (at - top) / (totalSteps - 1 - top)]
  // A climb of a single step, or none, has no length to take a share of.
  const done = Number.isFinite(share) ? share : 1
  return anneal_strategy === 'linear'
    ? start + (end - start) * done
    : end + ((start - end) / 2) * (1 + Math.cos(Math.PI * done))
}

export default class OneCycle extends plugin({
  manifest: {
    name: 'one_cycle',
    version: '1.0.0',
    category: 'schedule',
    description: 'From a small learning rate up to the full one, then down to almost nothing',
    provides: ['schedule/one_cycle'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'one_cycle',
      (options) => ({ factor: ({ step, totalSteps }) => factorOf(options, step, totalSteps) }),
      { config, description: 'one climb and one fall over the whole run' },
    )
  }
}
