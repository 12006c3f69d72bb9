// Idea: handlers that are called only now and then, by conditions on the epoch and the step.
import { after, before, condition, every, plugin, z } from 'plugboard'

/** A condition of one's own: a label for lists, the counters that it reads, and the test. */
const powerOfTwo = condition('the step is a power of 2', ['step'], ({ step = 0 }) =>
  Number.isInteger(Math.log2(step)),
)

export default class NowAndThen extends plugin({
  manifest: {
    name: 'now_and_then',
    version: '1.0.0',
    category: 'callback',
    description: 'Speaks up every few epochs, after some, and at some steps',
  },
  config: z.strictObject({
    every_epochs: z.int().min(1).default(2).describe('epochs from one line to the next'),
    after_epoch: z.int().min(0).default(3).describe('last epoch without a line'),
    every_steps: z.int().min(1).default(200).describe('steps from one line to the next'),
  }),
}) {
  initialize() {
    const { every_epochs, after_epoch, every_steps } = this.config
    const { ctx } = this
    const say = (text: string) => ctx.log.info(text)

    ctx.hook('onEpochEnd', ({ epoch }) => say(`epoch ${epoch}: every ${every_epochs} epochs`), {
      when: every.epochs(every_epochs),
    })
    ctx.hook('onEpochBegin', ({ epoch }) => say(`epoch ${epoch}: after epoch ${after_epoch}`), {
      when: after.epoch(after_epoch),
    })
    ctx.hook('onMetrics', ({ step }) => say(`step ${step}: every ${every_steps} steps`), {
      when: every.steps(every_steps),
    })
    // Conditions combine; here to the first powers of two and, from then on, every 300 steps.
    ctx.hook('onMetrics', ({ step }) => say(`step ${step}: early, or now and then`), {
      when: powerOfTwo.and(before.step(20)).or(every.steps(300).and(powerOfTwo.not)),
    })
  }
}
