// States of the open workspace for React: the list, what each changed, the files of one.
import type { Files } from '#workspace'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { changedStateFiles, countLines, type FileChange, type LineCount } from './changes.ts'
import { history, recorded } from './index.ts'
import type { HistoryState } from './state.ts'

interface States {
  /** Newest first; `undefined` until they are read. */
  states: HistoryState[] | undefined
  /** Stored ones that cannot be read. */
  damaged: readonly unknown[]
  /** Why they cannot be read at all. */
  failure: string | undefined
}

export function useStates(): States {
  const id = useWorkspace(({ entry }) => entry?.id)
  const { count, failure } = useStore(recorded)
  const [read, setRead] = useState<Partial<States>>({})
  useEffect(() => {
    let isGone = false
    if (id === undefined) return undefined
    Promise.all([history.list(id), history.damaged(id)]).then(
      ([states, damaged]) => !isGone && setRead({ states, damaged }),
      (error: unknown) =>
        !isGone && setRead({ failure: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      isGone = true
    }
  }, [id, count])
  return { states: read.states, damaged: read.damaged ?? [], failure: read.failure ?? failure }
}

export interface StateChanges extends LineCount {
  files: FileChange[]
}

/** What a state changed in the one before. Lines are counted in files that both are texts. */
async function changesOf(state: HistoryState, before: HistoryState | undefined) {
  const files = changedStateFiles(before?.files ?? [], state.files)
  const sum = { added: 0, removed: 0 }
  const content = async (of: HistoryState | undefined, path: string) => {
    const file = of?.files.find((each) => each.path === path)
    return of && file && history.contentOf(of, file)
  }
  for (const { path } of files) {
    const lines = countLines(await content(before, path), await content(state, path))
    sum.added += lines?.added ?? 0
    sum.removed += lines?.removed ?? 0
  }
  return { files, ...sum }
}

/** What the states changed, by their number, one after the other from the newest; kept for states that stay. */
export function useChanges(states: readonly HistoryState[]): ReadonlyMap<number, StateChanges> {
  const [changes, setChanges] = useState<ReadonlyMap<number, StateChanges>>(new Map())
  useEffect(() => {
    let isGone = false
    const read = async (): Promise<void> => {
      for (const [i, state] of states.entries()) {
        const found = await changesOf(state, states[i + 1])
        if (isGone) return
        setChanges((known) => new Map(known).set(state.seq, found))
      }
    }
    // A content that cannot be read leaves its state without a count.
    read().catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [states])
  return changes
}

export interface StateFiles {
  files: Files
  /** Paths whose content is damaged. */
  missing: string[]
}

/** The files of a state; `undefined` until they are read. */
export function useFilesOf(state: HistoryState | undefined): StateFiles | undefined {
  const [read, setRead] = useState<{ state: HistoryState; found: StateFiles }>()
  useEffect(() => {
    let isGone = false
    if (!state) return undefined
    history.filesOf(state).then(
      (found) => !isGone && setRead({ state, found }),
      () =>
        !isGone &&
        setRead({
          state,
          found: { files: new Map(), missing: state.files.map(({ path }) => path) },
        }),
    )
    return () => {
      isGone = true
    }
  }, [state])
  return read?.state === state ? read?.found : undefined
}
