// The config that a run would have if it began now, as far as the project file alone tells.
import { useMemo } from 'react'
import { parse } from 'yaml'
import { experimentSchema } from '#sdk'
import { flatten, type FlatValue, PROJECT_FILE } from '#workspace'
import { useWorkspace } from '../../workspace/index.ts'

interface ConfigNow {
  readonly config?: ReadonlyMap<string, FlatValue>
  readonly problem?: string
}

export function useConfigNow(): ConfigNow {
  const text = useWorkspace(({ files }) => files.get(PROJECT_FILE))
  return useMemo(() => configIn(text), [text])
}

function configIn(text: unknown): ConfigNow {
  if (typeof text !== 'string') return { problem: `There is no ${PROJECT_FILE}.` }
  try {
    // Aliases can blow a small text up; a project file has few.
    const data: unknown = parse(text, { maxAliasCount: 100 })
    const written = typeof data === 'object' && data && 'experiment' in data ? data.experiment : {}
    const { data: experiment } = experimentSchema.safeParse(written)
    return { config: flatten(experiment ?? written) }
  } catch (error) {
    return {
      problem: `${PROJECT_FILE} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    }
  }
}
