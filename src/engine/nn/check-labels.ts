// Are all rows such as the loss can take? Asked once, before the first step.
import type { Predicted, Table } from '#sdk'
import { checkRange } from '../data/index.ts'
import type { Parts } from './parts.ts'

/**
 * Holds the columns of both tables against what the loss says of them, given the outputs for some of their rows.
 * Throws 'data.invalid' naming the row; returns warnings.
 */
export function checkLabels(
  { loss }: Pick<Parts, 'loss'>,
  predicted: Predicted,
  { train, validation }: { train: Table; validation: Table },
): string[] {
  const ranges = loss?.call('ranges', (it) => it.ranges?.(predicted)) ?? {}
  const outputs = Object.entries(predicted.outputs).map(
    ([name, { shape }]) => `${name} [${shape.join(', ')}]`,
  )
  const needer = `${loss?.label} for ${outputs.join(', ')}`
  return Object.entries(ranges).flatMap(([name, range]) => {
    const need = { range, needer }
    const warnings = [
      checkRange(train, name, need, 'the training rows'),
      checkRange(validation, name, need, 'the validation rows'),
    ]
    return warnings.filter((warning) => warning !== undefined)
  })
}
