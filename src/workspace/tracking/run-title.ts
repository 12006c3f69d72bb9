// How a run is called. Apart from the schemas of runs, which a page needs only later.
import type { RunEntry } from './kept-run.ts'

/** How a run is called: as the user named it, else `run 3`. */
export const runTitle = ({ name: given, number: count }: Pick<RunEntry, 'name' | 'number'>) =>
  given === '' ? `run ${count}` : given
