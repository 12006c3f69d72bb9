// What the last workspace compiled to, over reloads: a start then needs no compiler, which takes most of a second.
import type { DBSchema } from 'idb'
import { z } from '#sdk'
import compilerUrl from '../editor/typescript.worker.ts?worker&url'
import { database } from '../storage/database.ts'

const keptSchema = z.object({
  /** Another build's compiler may compile in another way: its address tells, for it has a hash of it. */
  compiler: z.literal(compilerUrl),
  files: z.array(
    z.object({
      text: z.string(),
      module: z.object({ path: z.string(), code: z.string(), map: z.string() }),
    }),
  ),
})
type Kept = z.output<typeof keptSchema>
export type KeptModule = Kept['files'][number]

interface Schema extends DBSchema {
  last: { key: number; value: Kept }
}

/** To wait longer for storage that does not answer costs more than to compile. */
const OPEN_MS = 300
/** Quiet time before what was compiled is written. */
const WRITE_MS = 2_000
const KEY = 0

const open = database<Schema>({
  name: 'plugboard-compiled',
  version: 1,
  upgrade: (db) => void db.createObjectStore('last'),
  openMs: OPEN_MS,
})

/** In development the compiler's address stays the same when it changes. */
const isOn = import.meta.env.PROD
let timer: ReturnType<typeof setTimeout> | undefined

/** Nothing where nothing is kept or storage is refused: then it is compiled. */
export async function readModules(): Promise<readonly KeptModule[]> {
  if (!isOn) return []
  try {
    const { data } = keptSchema.safeParse(await (await open()).get('last', KEY))
    return data?.files ?? []
  } catch {
    return []
  }
}

/** Keeps these in place of those before, soon. Where storage is refused or full they are compiled again. */
export function keepModules(modules: () => KeptModule[]): void {
  if (!isOn) return
  clearTimeout(timer)
  timer = setTimeout(() => {
    open()
      .then((db) => db.put('last', { compiler: compilerUrl, files: modules() }, KEY))
      .catch(() => undefined)
  }, WRITE_MS)
}
