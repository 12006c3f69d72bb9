// The data: labels look one day ahead, features never do, and the days held back all come later.
import { createRandom, type Splits, type Table } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import DailyPrices from '../plugins/daily-prices.ts'

/** Loads the dataset as an experiment would, from `text` or from the file of the workspace. */
async function load(config: Record<string, unknown>, text?: string): Promise<Splits> {
  const engine = await createTestEngine({ plugins: [DailyPrices] })
  await engine.up()
  const { ctx } = engine.instance('daily_prices')
  const dataset = ctx.create(
    'dataset',
    { name: 'daily_prices', config },
    {
      asset: async (path) =>
        text === undefined ? await ctx.asset(path) : new TextEncoder().encode(text).buffer,
      random: createRandom(1),
      signal: new AbortController().signal,
    },
  )
  return (await dataset.load()) as Splits
}

const valuesOf = ({ columns }: Table, name: string) => Array.from(columns[name]!.data as Int32Array)

test('conforms to what every plugin must keep', () => testPlugin(DailyPrices))

test('says of each day whether the next one is wilder than the median of those before', async () => {
  // Ranges of 1, 3, 2, 5 and 1 %, day by day.
  const days = [1, 3, 2, 5, 1].map((range, i) => {
    return `2020-01-0${i + 1},${100 * Math.exp(range / 100)},100,100`
  })
  const text = ['date,high,low,close', ...days].join('\n')
  const { train, validation } = await load({ usual_days: 2, held_back_from: '2020-01-04' }, text)
  expect(valuesOf(train, 'day')).toEqual([20200103])
  expect(valuesOf(train, 'usual')).toEqual([2])
  expect(valuesOf(train, 'today')).toEqual([1])
  expect(valuesOf(train, 'labels')).toEqual([0])
  expect(valuesOf(validation!, 'day')).toEqual([20200105])
  expect(valuesOf(validation!, 'labels')).toEqual([0])
})

test('a day whose tomorrow is held back is in neither table', async () => {
  const { train, validation } = await load({ held_back_from: '2016-01-01' })
  expect(valuesOf(train, 'day').at(-1)).toBe(20151231)
  expect(valuesOf(validation!, 'day')[0]).toBe(20160105)
  expect([train.length, validation!.length]).toEqual([2267, 1079])
})

test('names the line of a price that is none', async () => {
  const text = 'date,high,low,close\n2020-01-01,2,1,1\n2020-01-02,2,-1,1\n'
  await expect(load({}, text)).rejects.toThrow("data/sp500.csv, line 3: '2020-01-02,2,-1,1'")
})
