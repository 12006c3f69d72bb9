// What files of somebody else bring, read without running or opening them: their plugins and what is wrong with them.
import type { Inspection } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { type Files, projectOf } from '#workspace'
import { useEffect, useState } from 'react'
import { compileTexts } from '../compile/index.ts'
import { session } from '../session/page-session.ts'

export interface Look {
  plugins: Inspection['plugins']
  problems: readonly ErrorInfo[]
}

/** Looks at `files` as if they were open; tells of those below `prefix` alone. */
async function inspectFiles(files: Files, prefix: string): Promise<Look> {
  const { modules, problems } = await compileTexts(files)
  const { plugins, problems: found } = await session.inspect(projectOf(files, modules))
  const isOfThem = (file = ''): boolean => file.startsWith(prefix)
  return {
    plugins: plugins.filter(({ file }) => isOfThem(file)),
    problems: [...problems, ...found].filter(({ source }) => isOfThem(source?.file)),
  }
}

/** The same for React; `undefined` until it is known. */
export function useLook(
  files: Files | undefined,
  prefix: string,
): Look | { failure: string } | undefined {
  const [seen, setSeen] = useState<{ files: Files; look: Look | { failure: string } }>()
  useEffect(() => {
    if (!files) return
    let isGone = false
    inspectFiles(files, prefix).then(
      (look) => !isGone && setSeen({ files, look }),
      (error: unknown) => {
        const failure = error instanceof Error ? error.message : String(error)
        if (!isGone) setSeen({ files, look: { failure } })
      },
    )
    return () => {
      isGone = true
    }
  }, [files, prefix])
  return seen?.files === files ? seen?.look : undefined
}
