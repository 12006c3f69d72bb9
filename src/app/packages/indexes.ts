// Indexes of packages: the one that comes with Plugboard, and those that a user added by address.
import { loadPackages, type ListedPackage } from '#workspace'
import { createStore } from 'zustand/vanilla'
import { networkOf } from '../share/network.ts'

const KEY = 'plugboard.package-indexes'
/** Most indexes of one's own. */
const MAX_INDEXES = 20

export type Listed = ListedPackage & { index: string }

const OWN_INDEX = new URL('./packages/index.json', document.baseURI).href

interface State {
  /** Addresses of those that a user added. */
  added: readonly string[]
  packages: readonly Listed[]
  /** What kept an index from being read, by address. */
  failures: Readonly<Record<string, string>>
  isLoaded: boolean
}

function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(value)
      ? value
          .filter((each): each is string => typeof each === 'string' && each.startsWith('https://'))
          .slice(0, MAX_INDEXES)
      : []
  } catch {
    // Storage is refused, or holds something else: there are none.
    return []
  }
}

export const indexes = createStore<State>(() => ({
  added: stored(),
  packages: [],
  failures: {},
  isLoaded: false,
}))

async function read(address: string): Promise<Listed[]> {
  const { fetchJson, packageIndexSchema } = await loadPackages()
  const io = networkOf([new URL(address).host])
  const { packages } = await fetchJson(io, address, packageIndexSchema)
  return packages.map((each) => ({ ...each, index: address }))
}

/** Reads all indexes. One that cannot be read is told, and keeps none of the others away. */
export async function loadIndexes(): Promise<void> {
  const addresses = [OWN_INDEX, ...indexes.getState().added]
  const results = await Promise.allSettled(addresses.map(read))
  const failures = results.flatMap((result, i) =>
    result.status === 'rejected'
      ? [[addresses[i]!, String((result.reason as Error).message)] as const]
      : [],
  )
  indexes.setState({
    packages: results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
    failures: Object.fromEntries(failures),
    isLoaded: true,
  })
}

function keep(added: readonly string[]): Promise<void> {
  indexes.setState({ added })
  try {
    localStorage.setItem(KEY, JSON.stringify(added))
  } catch {
    // Without storage it is there until the page is closed.
  }
  return loadIndexes()
}

/** Adds an index, whose host the reader agreed to. Rejects with what is wrong with it; nothing is kept then. */
export async function addIndex(text: string): Promise<void> {
  const address = new URL(text.trim()).href
  if (!address.startsWith('https://'))
    throw new Error('The address of an index begins with https://.')
  const { added } = indexes.getState()
  if (added.includes(address)) return
  if (added.length >= MAX_INDEXES)
    throw new Error(`There are ${MAX_INDEXES} indexes already; remove one first.`)
  await read(address)
  await keep([...added, address])
}

export const removeIndex = (address: string): Promise<void> =>
  keep(indexes.getState().added.filter((each) => each !== address))
