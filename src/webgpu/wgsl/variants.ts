// Measures which variant of products a device computes fastest: a few launches when it is opened.
import type { DeviceTraits, ProductVariant } from '../fuse/kernel.ts'
import { ProductTrial } from './trial.ts'

/** One whose exact result tells whether a variant is right: compiled fast, with a partial block. */
const CHECKED = [1, 12, 8, 20] as const
/** One that takes long enough to be timed. */
const TIMED = [4, 256, 256, 256] as const
const LAUNCHES = 4
const REPEATS = 3
/** Tiles are the variant of most devices: another one must be faster by more than the clock's noise. */
const ADVANTAGE = 0.85

/**
 * The traits with `products` chosen. Variants with wrong results are left out: whether four invocations with
 * neighbouring numbers form a quad is up to the device. Software adapters aren't timed: to compile all takes longer
 * than to know that barriers are slow there.
 */
export async function measureProducts(
  device: GPUDevice,
  traits: DeviceTraits,
): Promise<DeviceTraits> {
  const quads: ProductVariant[] = traits.hasSubgroups ? ['quads'] : []
  const candidates: ProductVariant[] = traits.hasFastBarriers
    ? ['tiles', 'blocks', ...quads]
    : quads
  const trials = await Promise.all(
    candidates.map((variant) =>
      ProductTrial.prepare(device, { ...traits, products: variant }, CHECKED),
    ),
  )
  const right: ProductVariant[] = []
  for (const [at, trial] of trials.entries()) {
    if (await trial.isRight()) right.push(candidates[at]!)
    trial.release()
  }
  if (!traits.hasFastBarriers) return { ...traits, products: right[0] ?? 'blocks' }
  if (right.length < 2) return { ...traits, products: right[0] ?? 'tiles' }
  return { ...traits, products: await fastest(device, traits, right) }
}

async function fastest(
  device: GPUDevice,
  traits: DeviceTraits,
  variants: readonly ProductVariant[],
): Promise<ProductVariant> {
  const trials = await Promise.all(
    variants.map((variant) =>
      ProductTrial.prepare(device, { ...traits, products: variant }, TIMED),
    ),
  )
  const times = trials.map(() => Infinity)
  for (let repeat = 0; repeat < REPEATS; repeat++)
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
}
