// Days of the S&P 500: a real series of prices in time.
import { type NumberColumn, plugin, type Table } from 'plugboard'

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const

type Days = Record<(typeof PRICES)[number], number[]> & { date: string[] }

function tableOf(days: Days): Table {
  const prices = PRICES.map((name): [string, NumberColumn] => {
    const data = Float32Array.from(days[name])
    return [name, { type: 'number', data, shape: [], dtype: 'float32' }]
  })
  return {
    length: days.date.length,
    columns: { date: { type: 'text', data: days.date }, ...Object.fromEntries(prices) },
  }
}

export default class Sp500 extends plugin({
  manifest: {
    name: 'sp500',
    version: '1.0.0',
    category: 'dataset',
    description:
      'Days of the S&P 500, 2000 to April 2020 (Yahoo Finance by way of vega-datasets, which states no licence)',
    tags: ['table', 'time series'],
    provides: ['dataset/sp500'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'sp500',
      (_, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset('data/sp500.json'))
          return tableOf(JSON.parse(text) as Days)
        },
      }),
      {
        description: 'columns `date`, `open`, `high`, `low`, `close`, `volume`, in order of time',
      },
    )
  }
}
