// Which variant of products an adapter gets, and when it is measured.
import { expect, test } from 'vitest'
import type { ProductVariant } from '../fuse/kernel.ts'
import { chooseProducts, describeAdapter } from './variants.ts'

const info = { vendor: 'v', architecture: 'a', device: 'd', description: 'driver 1' }
const describe = (own: Partial<typeof info> = {}, features = ['subgroups']): string =>
  describeAdapter({ ...info, ...own } as GPUAdapterInfo, new Set(features))
const adapter = describe()
const hardware = { hasFastBarriers: true, hasSubgroups: true }

/** Trials that note what is tried: all variants but `wrong` are right, the last one is the fastest. */
function trials(...wrong: ProductVariant[]) {
  const tried: string[] = []
  return {
    tried,
    async isRight(variant: ProductVariant) {
      tried.push(variant)
      return !wrong.includes(variant)
    },
    async fastest(variants: readonly ProductVariant[]) {
      tried.push(`time ${variants.join(' ')}`)
      return variants.at(-1)!
    },
  }
}

test('the fastest of those with right results is measured', async () => {
  const own = trials('blocks')
  expect(await chooseProducts(hardware, { adapter, measured: [] }, own)).toBe('quads')
  expect(own.tried).toEqual(['tiles', 'blocks', 'quads', 'time tiles quads'])
})

test('what was measured on the adapter is checked, and nothing else is tried', async () => {
  const own = trials()
  const measured = [
    { adapter: describe({ device: 'other' }), products: 'tiles' },
    { adapter, products: 'blocks' },
  ]
  expect(await chooseProducts(hardware, { adapter, measured }, own)).toBe('blocks')
  expect(own.tried).toEqual(['blocks'])
})

test('another adapter, driver, set of features or version of the kernels is measured anew', async () => {
  const others = [
    describe({ vendor: 'w' }),
    describe({ architecture: 'b' }),
    describe({ device: 'e' }),
    describe({ description: 'driver 2' }),
    describe({}, ['subgroups', 'shader-f16']),
    adapter.replace(/^\d+/, '0'),
  ]
  expect(new Set([adapter, ...others]).size).toBe(others.length + 1)
  const own = trials()
  const measured = others.map((other) => ({ adapter: other, products: 'tiles' }))
  expect(await chooseProducts(hardware, { adapter, measured }, own)).toBe('quads')
  expect(own.tried.at(-1)).toBe('time tiles blocks quads')
})

test.each(['quads', 'no such variant'])(
  'a choice that is wrong or unknown by now (%s) is measured again',
  async (products) => {
    const own = trials('quads')
    const measured = [{ adapter, products }]
    expect(await chooseProducts(hardware, { adapter, measured }, own)).toBe('blocks')
  },
)

test('software adapters are not timed', async () => {
  const software = { ...hardware, hasFastBarriers: false }
  const first = trials()
  expect(await chooseProducts(software, { adapter, measured: [] }, first)).toBe('quads')
  expect(first.tried).toEqual(['quads'])
  const second = trials('quads')
  expect(await chooseProducts(software, { adapter, measured: [] }, second)).toBe('blocks')
  expect(second.tried).toEqual(['quads', 'blocks'])
})

test('a device that multiplies wrongly is refused', async () => {
  const own = trials('tiles', 'blocks', 'quads')
  await expect(chooseProducts(hardware, { adapter, measured: [] }, own)).rejects.toThrow(/wrongly/)
})

test('the order in which features are told makes no difference', () => {
  expect(describe({}, ['shader-f16', 'subgroups'])).toBe(describe({}, ['subgroups', 'shader-f16']))
})
