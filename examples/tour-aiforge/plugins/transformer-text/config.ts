// Step 1: the plugin's configuration, with types, limits and defaults in one place.
import { z } from 'plugboard'

/** How long rows are and how they are filled up. Model and preprocessor must agree, so both read it here. */
export const preprocessConfig = z.strictObject({
  max_seq_len: z.int().min(2).max(512).default(128).describe('ids in a row; longer texts are cut'),
  padding_token_id: z.int().min(0).default(0).describe('id of what rows are filled up with'),
})

/** Vocabulary, length and number of classes are not here: the model is told them with the columns of its batches. */
export const transformerConfig = z.strictObject({
  embedding_dim: z.int().min(1).default(64).describe('dimension of token embeddings'),
  num_heads: z.int().min(1).default(4).describe('attention heads, a divisor of embedding_dim'),
  num_layers: z.int().min(1).max(24).default(2).describe('transformer encoder layers'),
  ff_dim: z.int().min(1).default(128).describe('dimension of the feed-forward layer'),
  dropout: z.number().min(0).lt(1).default(0.1).describe('dropout rate'),
})

export type PreprocessConfig = z.output<typeof preprocessConfig>
export type TransformerConfig = z.output<typeof transformerConfig>
