// Which variant of products a device computes fastest: known from before, or measured with a few launches when it is opened.
import type { DeviceTraits, ProductVariant } from '../fuse/kernel.ts'
import { type ProductSize, ProductTrial } from './trial.ts'

/** To be raised when a variant becomes faster or slower: what was measured before is forgotten then. */
const VERSION = 1
/** One whose exact result tells whether a variant is right: compiled fast, with a partial block. */
const CHECKED = [1, 12, 8, 20] as const
/** One that takes long enough to be timed. */
const TIMED = [4, 256, 256, 256] as const
const LAUNCHES = 4
const REPEATS = 3
/** No repeat begins later: on a slow adapter one has to do. */
const MOST_MS = 100
/** Tiles are the variant of most devices: another one must be faster by more than the clock's noise. */
const ADVANTAGE = 0.85
/** Longest description of an adapter. */
const MOST_TEXT = 300

/** What was measured on an adapter, by its description. */
export interface Measured {
  readonly adapter: string
  readonly products: string
}

/** What a measurement holds for: the adapter, what of it kernels use, and the kernels. */
export function describeAdapter(
  { vendor, architecture, device, description }: GPUAdapterInfo,
  features: ReadonlySet<string>,
): string {
  const names = [vendor, architecture, device, description, ...[...features].toSorted()]
  return `${VERSION} ${names.join(' ')}`.slice(0, MOST_TEXT)
}

/** What is tried on a device. */
export interface Trials {
  isRight(variant: ProductVariant): Promise<boolean>
  fastest(variants: readonly ProductVariant[]): Promise<ProductVariant>
}

/**
 * The variant of products for an adapter: as it was measured before, or the fastest of those with right results. Whether
 * four invocations with neighbouring numbers form a quad is up to the device and its driver, so that is always checked.
 * Software adapters aren't timed: to compile all takes longer than to know that barriers are slow there, and that
 * passing values on never costs more than it saves.
 */
export async function chooseProducts(
  { hasFastBarriers, hasSubgroups }: Pick<DeviceTraits, 'hasFastBarriers' | 'hasSubgroups'>,
  { adapter, measured }: { adapter: string; measured: readonly Measured[] },
  trials: Trials,
): Promise<ProductVariant> {
  const quads: ProductVariant[] = hasSubgroups ? ['quads'] : []
  const candidates: ProductVariant[] = hasFastBarriers
    ? ['tiles', 'blocks', ...quads]
    : [...quads, 'blocks']
  const before = measured.find((each) => each.adapter === adapter)
  const known = candidates.find((variant) => variant === before?.products)
  if (known && (await trials.isRight(known))) return known

  const right: ProductVariant[] = []
  if (hasFastBarriers) {
    const checks = await Promise.all(candidates.map((variant) => trials.isRight(variant)))
    right.push(...candidates.filter((_, at) => checks[at]))
  } else
    for (const variant of candidates)
      if (right.length === 0 && (await trials.isRight(variant))) right.push(variant)
  if (right.length > 1) return trials.fastest(right)
  if (right[0]) return right[0]
  throw new Error('the graphics processor multiplies matrices wrongly')
}

/** Trials with products of fixed sizes: some tens of milliseconds to compile, then `MOST_MS` and one repeat at most. */
export function trialsOn(device: GPUDevice, traits: DeviceTraits): Trials {
  const prepare = (products: ProductVariant, size: ProductSize) =>
    ProductTrial.prepare(device, { ...traits, products }, size)
  return {
    async isRight(variant) {
      const trial = await prepare(variant, CHECKED)
      try {
        return await trial.isRight()
      } finally {
        trial.release()
      }
    },
    async fastest(variants) {
      const trials = await Promise.all(variants.map((variant) => prepare(variant, TIMED)))
      const times = trials.map(() => Infinity)
      const begin = performance.now()
      for (let repeat = 0; repeat < REPEATS && performance.now() - begin < MOST_MS; repeat++)
        for (const [at, trial] of trials.entries()) {
          const start = performance.now()
          trial.launch(LAUNCHES)
          await device.queue.onSubmittedWorkDone()
          times[at] = Math.min(times[at]!, performance.now() - start)
        }
      for (const trial of trials) trial.release()
      let best = 0
      for (const [at, time] of times.entries())
        if (time < times[best]! * (best === 0 ? ADVANTAGE : 1)) best = at
      return variants[best]!
    },
  }
}
