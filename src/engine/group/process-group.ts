// The service that plugins have: collective calls as meetings of twins.
import { EngineError, noteRead, type ProcessGroup } from '#sdk'
import type { GroupMember } from './member.ts'

/** The group as one plugin has it. */
export function processGroup(member: GroupMember, plugin: string): ProcessGroup {
  const { rank, worldSize } = member
  const meet = (call: string, value: unknown): Promise<unknown[]> => {
    noteRead(`calls ${call}`)
    return member.meet(plugin, { call, value })
  }
  return {
    rank,
    worldSize,
    async barrier() {
      await meet('barrier()', undefined)
    },
    async broadcast<T>(value: T, from = 0) {
      if (!Number.isInteger(from) || from < 0 || from >= worldSize) {
        throw new EngineError({
          code: 'group.mismatch',
          plugin,
          message: `${plugin} broadcasts from rank ${from}, but ranks are 0 to ${worldSize - 1}`,
          hint: 'pass a rank below worldSize, or none for rank 0',
        })
      }
      const values = await meet(`broadcast(…, ${from})`, rank === from ? value : undefined)
      return values[from] as T
    },
    async allGather<T>(value: T) {
      return (await meet('allGather()', value)) as T[]
    },
    async allMean(values) {
      const call = `allMean() of ${values.length} values`
      const all = (await meet(call, values)) as Float32Array[]
      return Float32Array.from(values, (_, i) => {
        let sum = 0
        for (const each of all) sum += each[i]!
        return sum / worldSize
      })
    },
  }
}
