// Multi-task head: several classifications at once, from the same hidden states.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type HeadEnv,
  type Metric,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const taskSchema = z.strictObject({
  output_size: z
    .int()
    .min(2)
    .optional()
    .describe('classes; without it, those of the column `<task>_labels`'),
  weight: z.number().min(0).default(1).describe('factor on the loss of this task'),
})

const config = z.strictObject({
  tasks: z
    .record(z.string().regex(/^\w+$/), taskSchema)
    .refine((tasks) => Object.keys(tasks).length > 0, 'at least one task is needed')
    .describe(
      'tasks by name; labels are in the columns `<task>_labels`, 0 in `<task>_mask` is none',
    ),
  hidden: z.int().min(1).default(256).describe('width of the layer between'),
  pool: z.enum(['mean', 'first', 'last']).default('first').describe('which positions count'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed in training'),
})

type MultiTaskConfig = z.output<typeof config>

/** Linear, ReLU, dropout, linear. */
class TaskHead extends Module<tf.Tensor, tf.Tensor> {
  readonly up: nn.Linear
  readonly drop: nn.Dropout
  readonly out: nn.Linear

  constructor(
    width: number,
    hidden: number,
    readonly classes: number,
    dropout: number,
  ) {
    super()
    this.up = new nn.Linear(width, hidden)
    this.drop = new nn.Dropout(dropout)
    this.out = new nn.Linear(hidden, classes)
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    return this.out.forward(this.drop.forward(this.up.forward(x).relu(), ctx))
  }
}

/** `hidden_states` to `<task>_logits` [batch, classes] for every task. */
class MultiTask extends Module {
  readonly tasks: Record<string, TaskHead>
  readonly weights: Record<string, number>
  readonly pool: MultiTaskConfig['pool']

  constructor({ tasks, hidden, pool, dropout }: MultiTaskConfig, { width, columns }: HeadEnv) {
    super()
    const made = Object.entries(tasks).map(([task, { output_size, weight }]) => {
      const classes = output_size ?? columns[`${task}_labels`]?.limit
      if (classes === undefined) throw unknownSize(task)
      return { task, weight, head: new TaskHead(width, hidden, classes, dropout) }
    })
    this.tasks = Object.fromEntries(made.map(({ task, head }) => [task, head]))
    this.weights = Object.fromEntries(made.map(({ task, weight }) => [task, weight]))
    this.pool = pool
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap, ctx: ForwardContext) {
    const pooled = nn.pool(states!, this.pool, mask)
    return Object.fromEntries(
      Object.entries(this.tasks).map(([task, head]) => [
        `${task}_logits`,
        head.forward(pooled, ctx),
      ]),
    )
  }

  /**
   * Sum of the tasks' cross-entropies, each with its weight. A task without labels in the batch is left out, and
   * so are the rows that its mask [batch] has 0 for.
   */
  computeLoss({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }): tf.Scalar {
    const losses = Object.entries(this.weights).flatMap(([task, weight]) => {
      const labels = batch[`${task}_labels`]
      if (!labels) return []
      const mask = batch[`${task}_mask`]
      const loss = nn.crossEntropy(outputs[`${task}_logits`]!, labels, { mask })
      return [loss.mul(nn.scalar(weight))]
    })
    return losses.length > 0 ? tf.addN(losses).asScalar() : tf.scalar(0)
  }

  ranges() {
    const ranges = Object.entries(this.tasks).map(([task, { classes }]) => {
      return [
        `${task}_labels`,
        { min: 0, max: classes - 1, isWhole: true, mask: `${task}_mask` },
      ] as const
    })
    return Object.fromEntries(ranges)
  }

  outputSize() {
    return Object.fromEntries(
      Object.entries(this.tasks).map(([task, { classes }]) => [`${task}_logits`, classes]),
    )
  }

  metrics(): Metric[] {
    return Object.entries(this.tasks).map(([task, { classes }]) => taskMetric(task, classes))
  }
}

/** `<task>_accuracy` and `<task>_f1`, the mean of F1 over the classes that occur (macro). */
function taskMetric(task: string, classes: number): Metric {
  return {
    /** [right, predicted, labelled] of each class in turn; nothing without labels. */
    measure({ outputs, batch }) {
      const labels = batch[`${task}_labels`]
      if (!labels) return tf.zeros([3 * classes])
      const kept = (batch[`${task}_mask`] ?? tf.onesLike(labels)).toFloat().reshape([-1, 1])
      const spread = (of: tf.Tensor) => tf.oneHot(of.toInt().flatten(), classes).toFloat().mul(kept)
      const predicted = spread(outputs[`${task}_logits`]!.argMax(-1))
      const labelled = spread(labels)
      const counts = [predicted.mul(labelled), predicted, labelled].map((each) => each.sum(0))
      return tf.stack(counts, 1).flatten()
    },
    summarize(sums) {
      const counts = Array.from({ length: classes }, (_, i) => sums.slice(3 * i, 3 * i + 3))
      const add = (at: number) => counts.reduce((sum, count) => sum + count[at]!, 0)
      const all = add(2)
      if (all === 0) return {}
      const seen = counts.filter(([, predicted, labelled]) => predicted! + labelled! > 0)
      const f1 = seen.map(([right, predicted, labelled]) => (2 * right!) / (predicted! + labelled!))
      return {
        [`${task}_accuracy`]: add(0) / all,
        [`${task}_f1`]: f1.reduce((sum, value) => sum + value, 0) / seen.length,
      }
    },
  }
}

const unknownSize = (task: string): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: `the head multi_task does not know how many classes the task ${task} has`,
    hint: `set \`output_size\` for it, or give the column \`${task}_labels\` a \`limit\``,
  })

export default class MultiTaskHead extends plugin({
  manifest: {
    name: 'multi_task_head',
    version: '1.0.0',
    category: 'head',
    description: 'Several classifications at once, from the same hidden states',
    tags: ['classification', 'multi-task'],
    provides: ['head/multi_task'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'multi_task', (options, env) => new MultiTask(options, env), {
      config,
      description: 'hidden states to `<task>_logits` for every task',
    })
  }
}
