// Using services: injected by declaration, resolved when needed; with a validation of its own; asks the model.
import * as tf from '@tensorflow/tfjs'
import {
  type Context,
  EngineError,
  type HookArgs,
  type PanelHandle,
  plugin,
  type Run,
  type TensorMap,
  z,
} from 'plugboard'
import { Critic, Lookup, Notebook } from '../lib/services.ts'

// Keys that the schema does not name are refused; z.looseObject would take them.
const config = z.strictObject({
  // Without a default, so it must be set.
  names: z
    .array(z.string().regex(/\p{Letter}/u, 'a name has letters'))
    .min(1)
    .max(40)
    .describe('names to ask the model about after each epoch'),
  tasks: z.array(z.string()).default([]).describe('tasks to show; all when there is none'),
})

interface Guess {
  readonly task: string
  readonly label: string
  readonly sureness: number
}

export default class Guesses extends plugin({
  manifest: {
    name: 'guesses',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows after each epoch what the model thinks of some names',
    requires: { 'plugin:fair_copy': '^1.0.0', 'tour.critic': '*', 'tour.notebook': '*' },
  },
  config,
  inject: { critic: Critic },
}) {
  #panel: PanelHandle | undefined

  /** What the schema cannot say: whether what is set fits to what there is besides the plugin. */
  validate(ctx: Context) {
    // Should nobody offer a lookup, this throws an error that names it and this plugin.
    const known = ctx.resolve(Lookup).tasks
    const strange = this.config.tasks.find((task) => !known.includes(task))
    if (strange === undefined) return
    throw new EngineError({
      code: 'config.invalid',
      message: `guesses is to show the task ${strange}, but the data have ${known.join(', ')}`,
      hint: 'mend plugins.use.guesses.config.tasks',
    })
  }

  initialize() {
    this.#panel = this.ctx.panel({ id: 'guesses', title: 'Guesses', type: 'table' })
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const { names, tasks } = this.config
    const texts = await Promise.all(names.map((name) => this.#fairCopy(name)))
    const guesses = await guess(run, texts)
    // A notebook lives as long as a run, so it is asked for in the run, not injected.
    const notebook = this.ctx.resolve(Notebook)
    const isShown = ({ task }: Guess) => tasks.length === 0 || tasks.includes(task)
    const rows = texts.flatMap((text, i) =>
      guesses[i]!.filter(isShown).map(({ task, label, sureness }) => [
        names[i]!,
        task,
        `${label}, ${Math.round(100 * sureness)} % sure`,
        this.services.critic.judge(text, task, label),
        notebook.note(text, task, label) ? 'changed its mind' : '',
      ]),
    )
    const columns = ['name', 'task', 'guess', 'the data say', '']
    this.#panel?.show({ columns, rows, caption: `after epoch ${epoch}` })
  }

  async #fairCopy(name: string): Promise<string> {
    return String(await this.ctx.call('fair_copy', 'process', name))
  }
}

/** The likeliest class of each task for each text. */
async function guess(run: Run, texts: readonly string[]): Promise<Guess[][]> {
  const table = { length: texts.length, columns: { text: { type: 'text' as const, data: texts } } }
  const outputs = tf.tidy(() => {
    const inputs = run.prepare(table)
    return run.predict(inputs)
  })
  try {
    return await readGuesses(run, outputs, texts.length)
  } finally {
    tf.dispose(outputs)
  }
}

async function readGuesses(run: Run, outputs: TensorMap, count: number): Promise<Guess[][]> {
  const guesses: Guess[][] = Array.from({ length: count }, () => [])
  for (const [name, logits] of Object.entries(outputs)) {
    if (!name.endsWith('_logits')) continue
    const task = name.slice(0, -'_logits'.length)
    const classes = run.columns[`${task}_labels`]?.classes
    const shares = tf.tidy(() => tf.softmax(logits))
    const rows = (await shares.array()) as number[][]
    shares.dispose()
    rows.forEach((row, i) => {
      const sureness = Math.max(...row)
      const at = row.indexOf(sureness)
      guesses[i]!.push({ task, label: classes?.[at] ?? `class ${at}`, sureness })
    })
  }
  return guesses
}
