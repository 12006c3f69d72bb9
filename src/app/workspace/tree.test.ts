// The order of the file tree.
import { expect, test } from 'vitest'
import { treeOf, visibleNodes } from './tree.ts'

const paths = [
  'zeta.txt',
  'plugins/moe/index.ts',
  'plugins/b.ts',
  'data/x.csv',
  'README.md',
  'plugboard.yaml',
]
const seen = (closed: string[]) =>
  visibleNodes(treeOf(paths), new Set(closed)).map(({ node, depth }) => `${depth} ${node.name}`)

test('project file and README, then folders, then files', () => {
  expect(seen([])).toEqual([
    '0 plugboard.yaml',
    '0 README.md',
    '0 data',
    '1 x.csv',
    '0 plugins',
    '1 moe',
    '2 index.ts',
    '1 b.ts',
    '0 zeta.txt',
  ])
})

test('a closed folder hides what is in it', () => {
  expect(seen(['plugins'])).not.toContain('1 b.ts')
  expect(seen(['plugins'])).toContain('0 plugins')
})
