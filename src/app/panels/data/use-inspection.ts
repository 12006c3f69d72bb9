// What there is to know of a data file, found out by a worker; the last few are kept.
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { type ErrorInfo, errorInfo, type TableProfile } from '#sdk'
import type { FileContent } from '#workspace'
import {
  type DataFile,
  doJob,
  fileOf,
  keptFiles,
  type ImageSummary,
  type TextSummary,
} from '../../data/index.ts'
import type { Choices } from './choices.ts'
import { typesToInspect } from './with-types.ts'

export type Findings =
  | { kind: 'table'; table: TableProfile }
  | { kind: 'images'; images: ImageSummary }
  | { kind: 'text'; text: TextSummary }

export type Inspection =
  | { state: 'busy'; share: number; before?: Findings | undefined }
  | { state: 'failed'; error: ErrorInfo }
  | { state: 'done'; findings: Findings }

interface Kept {
  path: string
  content: FileContent | undefined
  asked: string
  findings: Findings
}

const KEPT = 6
let kept: readonly Kept[] = []

async function inspect(
  { path, kind }: DataFile,
  { form, types }: Pick<Choices, 'form' | 'types'>,
  options: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Findings> {
  const blob = await fileOf(path)
  if (!blob) throw new Error(`There is no file ${path} any more.`)
  if (kind === 'table')
    return { kind, table: await doJob({ kind, blob, name: path, form, types }, options) }
  if (kind === 'images') return { kind, images: await doJob({ kind, blob, name: path }, options) }
  return { kind: 'text', text: await doJob({ kind: 'text', blob }, options) }
}

/** Looks at `file`, whose content in the workspace is `content`, anew whenever it or the choices change. */
export function useInspection(
  file: DataFile,
  content: FileContent | undefined,
  choices: Choices,
): Inspection {
  const { path } = file
  /** A file that was missing may have come. */
  const keptCount = useStore(keptFiles, ({ count }) => count)
  const types = typesToInspect(choices.types)
  const asked = JSON.stringify([choices.form, types])
  const known = kept.find(
    (each) => each.path === path && each.content === content && each.asked === asked,
  )
  const [found, setFound] = useState<{ asked: string; inspection: Inspection }>()

  useEffect(() => {
    if (known) return
    const ending = new AbortController()
    const { signal } = ending
    const show = (inspection: Inspection): void => {
      if (!signal.aborted) setFound({ asked, inspection })
    }
    const before = kept.find((each) => each.path === path && each.content === content)?.findings
    show({ state: 'busy', share: 0, before })
    inspect(
      file,
      { form: choices.form, types },
      {
        signal,
        onProgress: (share) => show({ state: 'busy', share, before }),
      },
    ).then(
      (findings) => {
        if (signal.aborted) return
        kept = [{ path, content, asked, findings }, ...kept].slice(0, KEPT)
        show({ state: 'done', findings })
      },
      (thrown: unknown) => show({ state: 'failed', error: errorInfo(thrown) }),
    )
    return () => ending.abort(new Error('Another file is looked at.'))
    // What else of file and choices changes is part of `asked` and `content`.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [path, content, asked, known, keptCount])

  if (known) return { state: 'done', findings: known.findings }
  return found?.asked === asked ? found.inspection : { state: 'busy', share: 0 }
}
