// Watching a metric: which one, and which way is better.
import { z } from 'zod'

/** Settings of a plugin that watches a metric of validation, to be spread into its config. */
export const monitorSettings = {
  monitor: z.string().default('val_loss').describe('metric to watch, as validation reports it'),
  mode: z
    .enum(['auto', 'min', 'max'])
    .default('auto')
    .describe('whether less or more is better; auto knows accuracy and its like by name'),
}

/** Names of metrics of which more is better. */
const RISING = /(?:accuracy|precision|recall|f1|auc|r2|exact_match)$/

/** Whether `value` is better than `best` by more than `delta`. Any number beats none; NaN never is better. */
export function improves(
  { monitor, mode }: { monitor: string; mode: 'auto' | 'min' | 'max' },
  value: number,
  best: number | undefined,
  delta = 0,
): boolean {
  if (best === undefined || Number.isNaN(value)) return !Number.isNaN(value)
  const rises = mode === 'auto' ? RISING.test(monitor) : mode === 'max'
  return rises ? value > best + delta : value < best - delta
}
