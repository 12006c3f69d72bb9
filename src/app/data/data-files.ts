// Data files of the open workspace: small ones are part of it, large ones a note in it and bytes in this browser.
import {
  allowedName,
  contentOf,
  type DataPointer,
  type Files,
  freePath,
  MAX_INLINE_DATA,
  missingData,
  pointerOf,
  pointerText,
  readFile,
  sizeOf,
} from '#workspace'
import { EngineError } from '#sdk'
import { toast } from 'sonner'
import { createStore } from 'zustand/vanilla'
import { MAX_ASSET_BYTES } from '../remote/limits.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { keepBlob, keptBlob } from './blobs.ts'
import { doJob } from './worker.ts'

export type DataKind = 'table' | 'images' | 'text' | 'other'

/** A file under data/. */
export interface DataFile {
  path: string
  kind: DataKind
  sizeBytes: number
  /** Of large ones. */
  pointer?: DataPointer | undefined
}

const FOLDER = 'data/'

/** Counts files that were kept: one of them may be what a note stands for. */
export const keptFiles = createStore(() => ({ count: 0 }))

const KINDS: readonly (readonly [RegExp, DataKind])[] = [
  [/\.(csv|tsv|json|jsonl|ndjson)$/i, 'table'],
  [/\.zip$/i, 'images'],
  [/\.(txt|md|text)$/i, 'text'],
]

const kindOf = (path: string): DataKind =>
  KINDS.find(([ending]) => ending.test(path))?.[1] ?? 'other'

/** Data files of a workspace, by path. */
export function dataFilesOf(files: Files): DataFile[] {
  return [...files]
    .filter(([path]) => path.startsWith(FOLDER))
    .map(([path, content]) => {
      const pointer = pointerOf(content)
      return { path, kind: kindOf(path), sizeBytes: pointer?.size ?? sizeOf(content), pointer }
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** The bytes of a workspace file, large or small. Rejects with what to do when this browser lacks it. */
export async function fileOf(path: string): Promise<Blob | undefined> {
  const { files } = workspaceStore.getState()
  const pointer = pointerOf(files.get(path))
  if (!pointer) {
    const bytes = readFile(files, path)
    return bytes && new Blob([bytes])
  }
  const blob = await keptBlob(pointer)
  if (blob) return blob
  throw new EngineError({
    code: 'asset.missing',
    message: missingData(path, pointer),
    hint: 'add the file in the panel Data: it is known by its hash',
  })
}

/** Whether this browser has the bytes of a file. */
export const isHere = async ({ pointer }: DataFile): Promise<boolean> =>
  !pointer || (await keptBlob(pointer)) !== undefined

/** What the workspace holds of a file: itself, or a note. Rejects for one that is too large. */
export async function contentFor(file: Blob, name: string) {
  if (file.size > MAX_ASSET_BYTES) {
    const [size, limit] = [file.size, MAX_ASSET_BYTES].map((bytes) => (bytes / 2 ** 20).toFixed(0))
    throw new Error(`${name} has ${size} MiB; a data file may have ${limit}.`)
  }
  if (file.size <= MAX_INLINE_DATA) return contentOf(new Uint8Array(await file.arrayBuffer()))
  const pointer = { size: file.size, sha256: await doJob({ kind: 'hash', blob: file }) }
  await keepBlob(pointer, file)
  keptFiles.setState(({ count }) => ({ count: count + 1 }))
  return pointerText(pointer)
}

const tell = (error: unknown): void =>
  void toast.error(error instanceof Error ? error.message : String(error), { duration: 10_000 })

/** A file that a note of the workspace asks for goes where the note is; others get a path of their own. */
function placeFor(name: string, content: Awaited<ReturnType<typeof contentFor>>) {
  const { files } = workspaceStore.getState()
  const hash = pointerOf(content)?.sha256
  const asked = [...files].find(([, each]) => hash && pointerOf(each)?.sha256 === hash)
  return {
    asked: asked?.[0],
    path: asked?.[0] ?? freePath(FOLDER + allowedName(name), files),
  }
}

/** Adds files to data/. Returns the paths of those that could be added; what kept others out is shown. */
export async function addDataFiles(picked: readonly File[]): Promise<string[]> {
  const added: string[] = []
  for (const file of picked) {
    try {
      const content = await contentFor(file, file.name)
      const { asked, path } = placeFor(file.name, content)
      const { create } = workspaceStore.getState()
      if (asked === undefined) create(path, content, { open: false })
      toast.success(`Added ${path}`)
      added.push(path)
    } catch (error) {
      tell(error)
    }
  }
  return added
}

/** Puts another file in the place of one. */
export async function replaceDataFile(path: string, file: File): Promise<void> {
  try {
    workspaceStore.getState().edit(path, await contentFor(file, file.name))
    toast.success(`Replaced ${path}. The next run reads it anew.`)
  } catch (error) {
    tell(error)
  }
}
