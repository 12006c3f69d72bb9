// Idea: a head with settings from plugin.yaml, which brings its loss and tells in events what passes through.
import { type HeadEnv, plugin, type z } from 'plugboard'
import { AttentionHead, type HeadSettings } from './head.ts'

// The settings are described in plugin.yaml; their type is said here once more.
export default class AttentionHeadPlugin extends plugin<z.ZodType<HeadSettings>>({}) {
  initialize() {
    const { config } = this
    const { events } = this.ctx
    this.ctx.provide(
      'head',
      'attention_head',
      (_, env: HeadEnv) => new AttentionHead(config, env, events),
      { description: '`logits` of each row, and the `attention` each day got' },
    )
  }
}
