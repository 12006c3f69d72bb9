// Distributed: each rank of a group trains on rows of its own.
import { plugin, ProcessGroup, type Random } from 'plugboard'

/**
 * Every rank puts the rows in the same random order, which the seed gives, and takes each `worldSize`-th of them,
 * from its rank on; what is left over is left out, so that all take equally many steps (as PyTorch's
 * DistributedSampler with `drop_last`).
 */
function order(
  length: number,
  random: Random,
  { rank, worldSize }: Pick<ProcessGroup, 'rank' | 'worldSize'>,
): Int32Array {
  const rows = random.permutation(length)
  return Int32Array.from(
    { length: Math.floor(length / worldSize) },
    (_, i) => rows[i * worldSize + rank]!,
  )
}

export default class Distributed extends plugin({
  manifest: {
    name: 'distributed',
    version: '1.0.0',
    category: 'sampler',
    description: 'Each rank of a run on several engines trains on rows of its own',
    tags: ['distributed'],
    provides: ['sampler/distributed'],
  },
  inject: { group: ProcessGroup },
}) {
  initialize() {
    const { group } = this.services
    this.ctx.provide(
      'sampler',
      'distributed',
      () => ({ order: ({ length }, { random }) => order(length, random, group) }),
      { description: 'a share of the rows for each rank, in random order' },
    )
  }
}
