// Engines of a group: collective calls, and what happens when one does not come.
import { expect, test } from 'vitest'
import { Workbench } from '../testing/workbench.ts'
import { MeetingPlace } from './meeting-place.ts'
import { processGroup } from './process-group.ts'

const groupOf = (worldSize: number) => {
  const place = new MeetingPlace(worldSize)
  return {
    place,
    ranks: Array.from({ length: worldSize }, (_, rank) => processGroup(place.member(rank), 'p')),
  }
}

test('[F10] a barrier holds everyone until the last has come', async () => {
  const { ranks } = groupOf(3)
  const log: string[] = []
  const come = async (rank: number) => {
    log.push(`${rank} comes`)
    await ranks[rank]!.barrier()
    log.push(`${rank} goes`)
  }
  const first = [come(2), come(0)]
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(log).toEqual(['2 comes', '0 comes'])
  await Promise.all([...first, come(1)])
  expect(log.slice(2).toSorted()).toEqual(['0 goes', '1 comes', '1 goes', '2 goes'])
  expect(log[2]).toBe('1 comes')
})

test('[F10] broadcast gives all a copy of what one rank has', async () => {
  const { ranks } = groupOf(2)
  const table = { rows: new Float32Array([1, 2]) }
  const [own, other] = await Promise.all([
    ranks[0]!.broadcast({ rows: new Float32Array([9]) }, 1),
    ranks[1]!.broadcast(table, 1),
  ])
  expect(own).toEqual(table)
  expect(other).toEqual(table)
  own.rows[0] = 7
  expect([other.rows[0], table.rows[0]]).toEqual([1, 1])
  await expect(ranks[0]!.broadcast(1, 2)).rejects.toThrow('ranks are 0 to 1')
})

test('[F10] ranks far apart meet in the order of their calls; gathering and means are by rank', async () => {
  const { ranks } = groupOf(2)
  const [a, b] = ranks as [(typeof ranks)[0], (typeof ranks)[0]]
  const early = [a.allGather('a1'), a.allGather('a2'), a.allMean(new Float32Array([1, 5]))] as const
  const late = [b.allGather('b1'), b.allGather('b2'), b.allMean(new Float32Array([3, 6]))] as const
  expect(await Promise.all(early)).toEqual([['a1', 'b1'], ['a2', 'b2'], new Float32Array([2, 5.5])])
  expect(await Promise.all(late)).toEqual(await Promise.all(early))
})

test('[F10] different calls are told to both; who waits for one that left is told why', async () => {
  const { ranks, place } = groupOf(2)
  const both = await Promise.allSettled([ranks[0]!.barrier(), ranks[1]!.broadcast(1)])
  for (const end of both) {
    expect(end.status === 'rejected' && String(end.reason.message)).toBe(
      'p calls barrier() on rank 0, but broadcast(…, 0) on rank 1',
    )
  }
  const waiting = ranks[0]!.barrier()
  place.leave(1, 'its run failed')
  const gone = 'p waits in barrier() for rank 1, which is gone: its run failed'
  await expect(waiting).rejects.toThrow(gone)
  // Those that come later need not wait either.
  await expect(ranks[0]!.barrier()).rejects.toThrow(gone)
})

// As AIForge has it: rank 0 makes the data and names the run, the others wait and take it over.
const dataset = `import { plugin, ProcessGroup } from 'plugboard'
let stored
export default class extends plugin({
  manifest: { name: 'shared_data', version: '1.0.0' },
  inject: { group: ProcessGroup },
}) {
  async start() {
    const { group } = this.services
    if (group.rank === 0) stored = [3, 4, 5]
    await group.barrier()
    const rows = await group.broadcast(stored)
    const id = await group.broadcast(group.rank === 0 ? 'a1b2' : '')
    this.ctx.events.emit('shared_data.ready', { rank: group.rank, of: group.worldSize, rows, id })
  }
}`

test('[F10] plugins of engines side by side share what rank 0 made; one engine is a group of its own', async () => {
  const files = { 'plugins/shared-data.ts': dataset }
  const config = 'plugins: { use: { shared_data: {} } }'
  const ready = (bench: Workbench) =>
    bench.records.find(({ type }) => type === 'shared_data.ready')?.data
  const place = new MeetingPlace(2)
  const benches = [0, 1].map((rank) => new Workbench({ group: place.member(rank) }))
  await Promise.all(benches.map((bench) => bench.up(files, config)))
  expect(benches.map(ready)).toEqual(
    [0, 1].map((rank) => ({ rank, of: 2, rows: [3, 4, 5], id: 'a1b2' })),
  )
  const one = new Workbench()
  await one.up(files, config)
  expect(ready(one)).toEqual({ rank: 0, of: 1, rows: [3, 4, 5], id: 'a1b2' })
})
