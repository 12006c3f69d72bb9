// The check that all competitors compute the same thing: a comparison of speeds means nothing without it.

/** Largest difference of losses that rounding explains. */
const TOLERANCE = 1e-3

/** Throws unless everyone's first losses are those of the first one, within the tolerance. */
export function requireAgreement(
  competitors: readonly { name: string; firstLosses: readonly number[] }[],
): void {
  const [reference, ...others] = competitors
  if (!reference) return
  for (const { name, firstLosses } of others)
    reference.firstLosses.forEach((expected, i) => {
      const found = firstLosses[i]
      // Written so that NaN and a missing loss disagree.
      if (found !== undefined && Math.abs(found - expected) <= TOLERANCE) return
      throw new Error(
        `${name} has loss ${found} at step ${i + 1} where ${reference.name} has ${expected}: they do not compute the same (tolerance ${TOLERANCE})`,
      )
    })
}
