// The check that all competitors compute the same thing: a comparison of speeds means nothing without it.
import type { CompetitorName, CompetitorResult } from './report.ts'

/** Largest difference of losses that rounding explains. */
const TOLERANCE = 1e-3
/** Trains a model of its own, of about the same size. */
const OWN_MODEL: CompetitorName = 'genai-nanogpt'

/** Throws unless everyone's first losses are those of the first one, within the tolerance. */
export function requireAgreement(
  competitors: readonly Pick<CompetitorResult, 'name' | 'firstLosses'>[],
): void {
  const [reference, ...others] = competitors
  if (!reference) return
  for (const { name, firstLosses } of others)
    reference.firstLosses.forEach((expected, i) => {
      const found = firstLosses[i] ?? Number.NaN
      // Written so that NaN and a missing loss disagree.
      if (name === OWN_MODEL ? found > 0 : Math.abs(found - expected) <= TOLERANCE) return
      throw new Error(
        `${name} has loss ${found} at step ${i + 1} where ${reference.name} has ${expected}: they do not compute the same (tolerance ${TOLERANCE})`,
      )
    })
}
