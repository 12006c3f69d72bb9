// A complete head: tasks by config, one small network each, and the loss is the sum of theirs.
import * as tf from '@tensorflow/tfjs'
import {
  type ForwardContext,
  type HeadEnv,
  type Metric,
  Module,
  nn,
  plugin,
  type Predicted,
  type TensorMap,
  z,
} from 'plugboard'
import { classesOf, taskLoss, taskMetric } from '../lib/task.ts'

const taskSchema = z.strictObject({
  output_size: z.int().min(2).optional().describe('classes; without it, those of the labels'),
  weight: z.number().min(0).default(1).describe('factor on the loss of this task'),
})

export const config = z.strictObject({
  tasks: z
    .record(z.string().regex(/^\w+$/), taskSchema)
    .refine((tasks) => Object.keys(tasks).length > 0, 'name one task at least')
    .describe('tasks by name'),
  hidden: z.int().min(1).default(64).describe('width of the layer between'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('share of values zeroed in training'),
})

/** From pooled states [batch, width] to the logits of one task. */
class TaskNetwork extends Module<tf.Tensor, tf.Tensor> {
  readonly up: nn.Linear
  readonly drop: nn.Dropout
  readonly out: nn.Linear

  constructor(width: number, hidden: number, classes: number, dropout: number) {
    super()
    this.up = new nn.Linear(width, hidden)
    this.drop = new nn.Dropout(dropout)
    this.out = new nn.Linear(hidden, classes)
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    return this.out.forward(this.drop.forward(this.up.forward(x).relu(), ctx))
  }
}

interface Task {
  readonly name: string
  readonly classes: number
  readonly weight: number
  /** The one field with parameters, so they are named `tasks.0.network.up.weight`. */
  readonly network: TaskNetwork
}

/** `hidden_states` to `<task>_logits` [batch, classes] for every task. */
export class MultiTaskHead extends Module {
  readonly tasks: readonly Task[]

  constructor({ tasks, hidden, dropout }: z.output<typeof config>, env: HeadEnv) {
    super()
    this.tasks = Object.entries(tasks).map(([name, { output_size: size, weight }]) => {
      const classes = classesOf(name, size, env)
      return {
        name,
        classes,
        weight,
        network: new TaskNetwork(env.width, hidden, classes, dropout),
      }
    })
  }

  forward(given: TensorMap, ctx: ForwardContext) {
    const { hidden_states: states, pooled_output: own, attention_mask: mask } = given
    // What the model itself made of a name, or the mean over the letters that are there: the mask is 0 where none is.
    const pooled = own ?? nn.pool(states!, 'mean', mask)
    return Object.fromEntries(
      this.tasks.map(({ name, network }) => [`${name}_logits`, network.forward(pooled, ctx)]),
    )
  }

  /** Each task's loss times its weight. What has no labels is left out: a whole task, or rows of one. */
  computeLoss({ outputs, batch }: Predicted): tf.Scalar {
    const losses = this.tasks.flatMap(({ name, weight }) => {
      const loss = taskLoss(name, outputs[`${name}_logits`]!, batch)
      return loss ? [loss.mul(nn.scalar(weight))] : []
    })
    return losses.length > 0 ? tf.addN(losses).asScalar() : tf.scalar(0)
  }

  outputSize() {
    return Object.fromEntries(this.tasks.map(({ name, classes }) => [`${name}_logits`, classes]))
  }

  metrics(): Metric[] {
    return this.tasks.map(({ name, classes }) => taskMetric(name, `${name}_logits`, classes))
  }
}

// A built-in plugin has this name. Those of a workspace go first: while this file is here, it stands in.
export default class MultiTaskHeadPlugin extends plugin({
  manifest: {
    name: 'multi_task_head',
    version: '1.0.0',
    category: 'head',
    description: 'Several classifications at once, from the same hidden states',
    provides: ['head/multi_task'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'multi_task', (options, env) => new MultiTaskHead(options, env), {
      config,
      description: 'hidden states to `<task>_logits` for every task',
    })
  }
}
