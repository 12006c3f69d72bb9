// Engines that train one experiment together: who this one is among them, and how they wait for each other.
import { defineService } from './services.ts'

/**
 * The engines of a run that is spread over several, with the words of torch.distributed. Each plugin talks with its
 * twins on the other engines: they must make the same calls in the same order, as all engines run the same files.
 * An engine by itself is a group of one, in which nothing waits.
 *
 * All calls reject with `group.left` when another engine has ended its run and will never come, and with
 * `group.mismatch` when the twins make different calls.
 */
export interface ProcessGroup {
  /** Place of this engine, from 0. Rank 0 is the one whose run is shown and kept. */
  readonly rank: number
  /** Engines in the group. */
  readonly worldSize: number
  /** Resolves when all have come here. */
  barrier(): Promise<void>
  /** The value that rank `from` has, on every rank; what other ranks pass is not looked at. A copy, by structured clone. */
  broadcast<T>(value: T, from?: number): Promise<T>
  /** The values of all ranks, by rank. */
  allGather<T>(value: T): Promise<T[]>
  /** Means over the ranks, one for each entry. Added in the order of ranks: every rank gets the same bits. */
  allMean(values: Float32Array): Promise<Float32Array>
}
export const ProcessGroup = defineService<ProcessGroup>('core.process_group')
