// A command that tells how the last steps went, whenever somebody asks.
import { defineCommand, type HookArgs, plugin, z } from 'plugboard'

export default class MyCommand extends plugin({
  manifest: {
    name: 'my_command',
    version: '1.0.0',
    category: 'command',
    description: 'Tells the mean loss of the last steps when asked',
    provides: ['command/my_command'],
  },
  config: z.strictObject({
    kept: z.int().min(1).default(100).describe('steps to remember'),
  }),
}) {
  #losses: number[] = []

  initialize() {
    this.ctx.provide('command', 'my_command', () =>
      defineCommand({
        title: 'My command',
        description: 'Mean loss of the last steps',
        // Who runs it is asked for these; they are checked before `run` is called.
        args: z.strictObject({
          steps: z.int().min(1).default(10).describe('steps to look back'),
        }),
        run: ({ steps }) => this.#summary(steps),
      }),
    )
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#losses = []
  }

  onMetrics({ metrics: { loss } }: HookArgs<'onMetrics'>) {
    if (loss !== undefined) this.#losses = [...this.#losses, loss].slice(-this.config.kept)
  }

  /** Plain data: it is shown to whoever ran the command, and written to the log. */
  #summary(steps: number) {
    const losses = this.#losses.slice(-steps)
    if (losses.length === 0) return { steps: 0 }
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    this.ctx.log.info(`mean loss of ${losses.length} steps: ${mean.toFixed(3)}`)
    return { steps: losses.length, mean }
  }
}
