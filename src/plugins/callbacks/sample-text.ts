// Sample text: shows what a language model writes while it learns.
import { type HookArgs, type PanelHandle, plugin, type Run, text, z } from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(100).describe('steps from one set of samples to the next'),
  count: z.int().min(1).max(64).default(10).describe('samples in a set'),
  temperature: z
    .number()
    .min(0)
    .default(0.8)
    .describe('0 takes the likeliest token each time; more is wilder'),
  max_tokens: z.int().min(1).max(1000).default(64).describe('longest sample'),
  prompt: z.string().default('').describe('how every sample begins'),
})

export default class SampleText extends plugin({
  manifest: {
    name: 'sample_text',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows text that the model writes, again and again while it learns',
    tags: ['language model', 'panel'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #next = 1
  #known: Set<string> | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'samples', title: 'Samples', type: 'text' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    this.#next = run.step + this.config.every_steps
    this.#known = undefined
  }

  // Not in a step: here waiting for the device is allowed, and no tensor scope is open.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (step < this.#next) return
    this.#next = step + this.config.every_steps
    await this.#show(run, step)
  }

  async onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    if (reason !== 'failed') await this.#show(run, run.step)
  }

  async #show(run: Run, step: number) {
    const { tokenizer, columns } = run
    if (!tokenizer || !columns['input_ids']) return
    const { count, temperature } = this.config
    const samples = await this.#sample(run, step)
    const known = (this.#known ??= knownTexts(run))
    const fresh = samples.filter((ids) => !known.has(ids.join())).length
    const novelty = known.size > 0 ? `: ${fresh} of ${count} are not in the training data` : ''
    this.#panel?.show({
      text: samples.map((ids) => tokenizer.decode(ids)),
      caption: `step ${step}, temperature ${temperature}${novelty}`,
    })
  }

  /** Ids of `count` samples, without boundaries. All are drawn side by side, one token at a time. */
  async #sample(run: Run, step: number): Promise<number[][]> {
    const { count, temperature, max_tokens: limit, prompt } = this.config
    const tokenizer = run.tokenizer!
    const { boundary } = tokenizer
    const context = run.columns['input_ids']!.shape[0]!
    // A stream of its own for each set: sampling more or less often changes no sample and no training.
    const random = this.ctx.random.fork('samples').fork(step)
    const start = [...(boundary < 0 ? [] : [boundary]), ...tokenizer.encode(prompt)]
    if (start.length === 0) start.push(random.int(run.columns['input_ids']!.limit!))
    const samples = await text.continueIds(Array<number[]>(count).fill(start), {
      predict: (inputs) => run.predict(inputs),
      context,
      boundary,
      length: limit,
      temperature,
      random,
      signal: this.ctx.signal,
    })
    return boundary < 0 ? samples : samples.map((ids) => ids.slice(1))
  }
}

/**
 * Every whole text of the training rows, as ids joined: to tell new samples from remembered ones. A text runs
 * from boundary to boundary, over several rows where each goes on with the label that the one before ended on.
 */
function knownTexts(run: Run): Set<string> {
  const { input_ids: inputs, labels, attention_mask: mask } = run.data.train.columns
  const { boundary } = run.tokenizer!
  const known = new Set<string>()
  if (inputs?.type !== 'number' || labels?.type !== 'number' || boundary < 0) return known
  const kept = mask?.type === 'number' ? mask.data : undefined
  let text: number[] | undefined
  let last = boundary
  for (let i = 0; i < labels.data.length; i++) {
    if (kept?.[i] === 0) continue
    if (inputs.data[i] === boundary) text = []
    else if (inputs.data[i] !== last) text = undefined
    last = labels.data[i]!
    if (last !== boundary) text?.push(last)
    else if (text) known.add(text.join())
  }
  return known
}
