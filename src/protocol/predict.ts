// Using a model: what it takes, a row of it, and what the model makes of that.
import { z } from '#sdk'
import { MAX_NAME, MAX_TEXT } from './events.ts'

const name = z.string().max(MAX_NAME)
const text = z.string().max(MAX_TEXT)

/** A model that went astray gives numbers that are not finite: they are shown, not refused. */
const anyNumber = z.custom<number>((value) => typeof value === 'number')

/** Most inputs that people are asked for. */
export const MAX_INPUTS = 200
export const MAX_CLASSES = 1000

const inputForm = z.object({
  name,
  /**
   * `choice` is one of `classes`, by its number; a `text` with `classes` is one of them; `image` and `numbers` have
   * the values of `shape`, row after row.
   */
  kind: z.enum(['text', 'number', 'choice', 'image', 'numbers']),
  shape: z.array(z.number()).max(8),
  classes: z.array(name).max(MAX_CLASSES).optional(),
})
export type InputForm = z.output<typeof inputForm>

/** A value of one input: text, a number, or as many as its shape has. */
export type InputValue = string | number | readonly number[] | Float32Array

const inputValue = z.union([text, anyNumber, z.instanceof(Float32Array)])

export const predictFormSchema = z.object({
  /** Id of the run whose model it is. */
  run: name,
  /** Steps that the model has learned. */
  step: z.number(),
  /** Columns as the dataset gives them, those left out that only training needs. */
  inputs: z.array(inputForm).max(MAX_INPUTS),
  /** Validation rows to begin with. */
  examples: z.array(z.record(name, inputValue)).max(50),
  /** A language model: it goes on with a text. */
  isContinued: z.boolean(),
})
export type PredictForm = z.output<typeof predictFormSchema>

export interface PredictOptions {
  /** Of a continued text: 0 takes the likeliest token each time; more is wilder. 0.8 unless given. */
  readonly temperature?: number
  /** Most tokens that a text goes on for; 100 unless given. */
  readonly length?: number
  /** The same seed gives the same text; 0 unless given. */
  readonly seed?: number
}

const share = z.object({ name, share: anyNumber })

const resultSchema = z.discriminatedUnion('kind', [
  /** Probability of each class; `isExclusive`: they add up to 1. */
  z.object({
    kind: z.literal('classes'),
    output: name,
    classes: z.array(share).max(MAX_CLASSES),
    isExclusive: z.boolean(),
  }),
  /** How a text goes on. */
  z.object({ kind: z.literal('text'), output: name, text }),
  /** The likeliest classes of each token. */
  z.object({
    kind: z.literal('tokens'),
    output: name,
    tokens: z.array(z.object({ text: name, classes: z.array(share).max(5) })).max(1024),
  }),
  /** Numbers, in the units of the dataset where preprocessing can be undone. */
  z.object({ kind: z.literal('numbers'), output: name, values: z.array(anyNumber).max(1000) }),
])
export type PredictResult = z.output<typeof resultSchema>

export const predictionSchema = z.object({
  run: name,
  step: z.number(),
  results: z.array(resultSchema).max(20),
})
export type Prediction = z.output<typeof predictionSchema>
