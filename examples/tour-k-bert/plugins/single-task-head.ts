// A custom head in its simplest form: hidden states in, logits out, and the loss for them.
import * as tf from '@tensorflow/tfjs'
import { type HeadEnv, Module, nn, plugin, type Predicted, type TensorMap, z } from 'plugboard'
import { classesOf, taskLoss, taskMetric } from '../lib/task.ts'

const config = z.strictObject({
  task: z.string().default('gender').describe('labels are in the column `<task>_labels`'),
})

class SingleTaskHead extends Module {
  readonly classifier: nn.Linear
  readonly task: string
  readonly classes: number

  constructor({ task }: z.output<typeof config>, env: HeadEnv) {
    super()
    this.task = task
    this.classes = classesOf(task, undefined, env)
    this.classifier = new nn.Linear(env.width, this.classes)
  }

  forward({ hidden_states: states, attention_mask: mask }: TensorMap) {
    return { logits: this.classifier.forward(nn.pool(states!, 'mean', mask)) }
  }

  /** In place of the configured loss. */
  computeLoss({ outputs, batch }: Predicted): tf.Scalar {
    return taskLoss(this.task, outputs['logits']!, batch) ?? tf.scalar(0)
  }

  outputSize() {
    return { logits: this.classes }
  }

  metrics() {
    return [taskMetric(this.task, 'logits', this.classes)]
  }
}

export default class SingleTaskHeadPlugin extends plugin({
  manifest: {
    name: 'single_task_head',
    version: '1.0.0',
    category: 'head',
    description: 'One classification, from the mean of the hidden states',
    provides: ['head/single_task'],
  },
}) {
  initialize() {
    this.ctx.provide('head', 'single_task', (options, env) => new SingleTaskHead(options, env), {
      config,
      description: 'hidden states to `logits` of one task',
    })
  }
}
