// Sample text: shows what a language model writes while it learns.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type HookArgs,
  type PanelHandle,
  plugin,
  type Random,
  type Run,
  z,
} from 'plugboard'

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

/** Index drawn from softmax(logits / temperature). */
export function drawToken(logits: Float32Array, temperature: number, random: Random): number {
  const top = logits.reduce((a, b) => Math.max(a, b))
  if (temperature === 0) return logits.indexOf(top)
  return random.pick(logits.map((logit) => Math.exp((logit - top) / temperature)))
}

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
    const samples = Array.from({ length: count }, () => [...start])
    const open = new Set(samples)
    while (open.size > 0 && samples[0]!.length < start.length + limit) {
      if (this.ctx.signal.aborted) break
      const windows = samples.map((ids) => ids.slice(-context))
      const logits = await lastLogits(run, windows, context)
      samples.forEach((ids, i) => {
        // Closed samples grow too, so that all keep one length; what follows the boundary is cut below.
        const token = open.has(ids) ? drawToken(logits[i]!, temperature, random) : boundary
        ids.push(token)
        if (token === boundary) open.delete(ids)
      })
    }
    return samples.map((ids) => {
      const text = boundary < 0 ? ids : ids.slice(1)
      const end = text.indexOf(boundary)
      return end < 0 ? text : text.slice(0, end)
    })
  }
}

/** Logits of what comes after each window; all windows have one length, at most `context`. */
async function lastLogits(
  run: Run,
  windows: readonly number[][],
  context: number,
): Promise<Float32Array[]> {
  const [rows, time] = [windows.length, windows[0]!.length]
  // Rows are filled up to one fixed shape; a causal model never looks at the filling.
  const ids = new Int32Array(rows * context)
  windows.forEach((window, row) => ids.set(window, row * context))
  const last = tf.tidy(() => {
    const { logits } = run.predict({ input_ids: tf.tensor2d(ids, [rows, context], 'int32') })
    if (logits?.rank !== 3) throw noLogits(logits)
    const vocabulary = logits.shape[2]!
    return logits.slice([0, time - 1, 0], [rows, 1, vocabulary]).reshape([rows, vocabulary])
  })
  try {
    const values = (await last.data()) as Float32Array
    const vocabulary = values.length / rows
    return windows.map((_, row) => values.subarray(row * vocabulary, (row + 1) * vocabulary))
  } finally {
    last.dispose()
  }
}

const noLogits = (found: tf.Tensor | undefined): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `sample_text reads the output 'logits' [batch, time, vocabulary]; the model's are ${found ? `[${found.shape.join(', ')}]` : 'missing'}`,
    hint: 'choose a language model, or take sample_text out of plugins.use',
  })

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
