// Gradient histograms: how the gradients of each parameter are spread, over the run.
import { type HookArgs, nn, type PanelHandle, plugin, z } from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(50).describe('steps from one histogram to the next'),
  parameters: z
    .array(z.string())
    .default([])
    .describe('parts of the paths of parameters to watch, such as `weight`; without any, all'),
  most: z.int().min(1).max(100).default(16).describe('parameters to watch, of those that fit'),
  bins: z.int().min(2).max(200).default(30).describe('bins of a histogram'),
  keep: z.int().min(2).max(100).default(24).describe('histograms to keep of each parameter'),
})

const PREFIX = 'gradient_histograms/'

/**
 * Counts on the device and is read with the loss of its step, so that training waits for nothing. Gradients are
 * seen as they are when its turn comes: plugins of higher priority may have changed them.
 */
export default class GradientHistograms extends plugin({
  manifest: {
    name: 'gradient_histograms',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows how the gradients of each parameter are spread, over the run',
    tags: ['inspection', 'panel'],
  },
  config,
}) {
  readonly #series = new nn.HistogramSeries(this.config.keep)
  #panel: PanelHandle | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'gradients', title: 'Gradients', type: 'histogram' })
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#series.clear()
  }

  onBackwardEnd({ run, step, gradients, isLast }: HookArgs<'onBackwardEnd'>): undefined {
    const { every_steps: every, parameters, most, bins } = this.config
    // The first step too: it shows what the model begins with.
    if (!isLast || (step % every !== 0 && step !== 1)) return
    const fits = (path: string) =>
      parameters.length === 0 || parameters.some((part) => path.includes(part))
    const watched = [...gradients].filter(([path]) => fits(path)).slice(0, most)
    for (const [path, gradient] of watched)
      run.observe({ [PREFIX + path]: nn.histogram(gradient, bins) })
  }

  onMetrics({ step, observed }: HookArgs<'onMetrics'>) {
    const found = Object.entries(observed).filter(([name]) => name.startsWith(PREFIX))
    if (found.length === 0) return
    for (const [name, values] of found) this.#series.add(name.slice(PREFIX.length), step, values)
    this.#panel?.show(this.#series.content(`up to step ${step}`))
  }
}
