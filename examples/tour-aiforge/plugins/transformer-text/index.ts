// Step 2: a folder is one plugin. This file says what it is and what it offers; the others are its parts.
import { plugin } from 'plugboard'
import { preprocessConfig, transformerConfig } from './config.ts'
import { MailDataset } from './dataset.ts'
import { Model } from './model.ts'
import { Preprocessor } from './preprocessor.ts'

export default class TransformerText extends plugin({
  manifest: {
    name: 'transformer_text_plugin',
    version: '1.0.0',
    category: 'model',
    description: 'Transformer that tells kinds of texts apart, with its mails and its preprocessor',
    tags: ['text', 'classification', 'transformer'],
    provides: ['model/transformer_text', 'dataset/mails', 'preprocessor/fixed_length'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'transformer_text', (options, env) => new Model(options, env), {
      config: transformerConfig,
      description: 'ids to `logits` of the classes',
    })
    this.ctx.provide('dataset', 'mails', (_, env) => new MailDataset(env), {
      description: 'columns `text` and `labels`: mails, spam or not',
    })
    this.ctx.provide(
      'preprocessor',
      'fixed_length',
      (options, { tokenizer }) => new Preprocessor(options, tokenizer, this.ctx.log),
      { config: preprocessConfig, description: 'text to `input_ids` of one length' },
    )
  }
}
