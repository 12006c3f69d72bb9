// plugboard run on a folder with a data file of the user's own.
import { expect, test, vi } from 'vitest'
import { encodeLink, pointerText } from '#workspace'
import { folderOf } from './folders.fixture.ts'
import { cli } from './line.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const config = `experiment:
  dataset: { name: table, config: { file: data/birds.csv, label: kind } }
  preprocess:
    - { name: standardize, config: { columns: [weight] } }
    - { name: join_columns, config: { columns: [weight] } }
  model: { name: mlp, config: { input: features } }
  training: { max_steps: 3, metrics: [accuracy] }
`

test('a table of any size is read from disk; rows that cannot be used are told', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i % 300},${i % 300 < 150 ? 'a' : 'b'}`)
  rows[5] = 'heavy,a'
  const csv = `weight,kind\n${rows.join('\n')}\n`
  expect(csv.length).toBeGreaterThan(200_000)
  const folder = await folderOf({ 'plugboard.yaml': config, 'data/birds.csv': csv })
  const { code, out, err } = await cli(['run', folder, '--device=cpu'])
  expect(err).toBe('')
  expect(out).toContain('35999 rows to train on')
  expect(out).toContain('1 of 40000 rows of data/birds.csv cannot be used: line 7, column weight')
  expect(code).toBe(0)
})

test('a link with a note of a file says which file it lacks', async () => {
  const note = pointerText({ size: 5_000_000, sha256: 'ab'.repeat(32) })
  const files = new Map([
    ['plugboard.yaml', config],
    ['data/birds.csv', note],
  ])
  const { code, err } = await cli(['run', encodeLink({ name: 'x', files }), '--device=cpu'])
  expect(code).not.toBe(0)
  expect(err).toContain('this workspace needs data/birds.csv (4.8 MiB, SHA-256 abababababab…)')
})
