// Kernels within the number of storage buffers that a device binds at once.
import type { Node } from '../graph/node.ts'
import { accessOf } from './access.ts'
import type { Group } from './group.ts'
import type { Uses } from './uses.ts'

/** The group, or several in an order in which they can run. */
export function splitByBindings(group: Group, uses: Uses, most: number): Group[] {
  const { members, writes, kind } = group
  if (kind === 'place' || bindingsOf(group) <= most || writes.length === 1) return [group]
  // In the order of the graph: later parts may read what earlier ones wrote.
  const rest = writes.toSorted((a, b) => a.id - b.id)
  const parts: Group[] = []
  const done = new Set<Node>()
  while (rest.length > 0) {
    let part: Group | undefined
    const taken: Node[] = []
    for (const node of rest) {
      const tried = describe([...taken, node])
      if (part && (!tried || bindingsOf(tried) > most)) continue
      part = tried
      taken.push(node)
    }
    parts.push(part!)
    for (const node of taken) {
      done.add(node)
      rest.splice(rest.indexOf(node), 1)
    }
  }
  return parts

  function describe(own: Node[]): Group | undefined {
    const within = new Set([...members].filter((node) => !done.has(node)))
    const access = accessOf(kind === 'rows' ? kind : 'loop', own, (node) =>
      uses.isStoredFor(within, node),
    )
    const isDot = kind === 'dot' && [...(access?.work.keys() ?? [])].some(({ op }) => op === 'dot')
    return (
      access && {
        kind: isDot ? 'dot' : kind === 'rows' ? kind : 'loop',
        members: within,
        writes: own,
        access,
      }
    )
  }
}

const bindingsOf = ({ access }: Pick<Group, 'access'>): number =>
  access.loads.size + access.stores.size
