// --set: values of plugboard.yaml changed by path, comments and lines kept.
import { parse } from 'yaml'
import { type Files, loadYaml, type Path, PROJECT_FILE } from '#workspace'
import { UsageError } from './io.ts'

export interface Setting {
  /** As it was written, for messages. */
  text: string
  path: Path
  value: unknown
}

/** A key, `["a key with dots"]` or `[0]`. */
const SEGMENT = /(?:^|\.)([^.[\]"=]+)|\["([^"]+)"\]|\[(\d+)\]/gy

/** `experiment.training.epochs=1`: a path and a YAML value. Throws a `UsageError`. */
export function parseSetting(text: string): Setting {
  const split = text.indexOf('=')
  const path = text.slice(0, Math.max(0, split))
  const segments = [...path.matchAll(SEGMENT)]
  const isWhole = segments.reduce((sum, [all]) => sum + all.length, 0) === path.length
  if (split < 1 || !isWhole) {
    throw new UsageError(
      `--set takes a path and a value, such as experiment.training.epochs=1; '${text}' is neither.`,
    )
  }
  try {
    const value: unknown = parse(text.slice(split + 1), { prettyErrors: false })
    return {
      text,
      path: segments.map(([, key, quoted, index]) => key ?? quoted ?? Number(index)),
      value,
    }
  } catch (thrown) {
    throw new UsageError(`--set ${path}: ${(thrown as Error).message}`, { cause: thrown })
  }
}

/**
 * The files with `settings` in their project file. Whether a path means anything is left to the project's schema;
 * throws a `UsageError` for a path that leads through a plain value.
 */
export async function withSettings(files: Files, settings: readonly Setting[]): Promise<Files> {
  const before = files.get(PROJECT_FILE) ?? ''
  if (settings.length === 0 || typeof before !== 'string') return files
  const { readConfig, setValue } = await loadYaml()
  // With mistakes of its own it stays as it is: the engine tells them at their lines.
  if (readConfig(before).problem) return files
  const changed = settings.reduce((project, { text, path, value }) => {
    try {
      return setValue(project, path, value)
    } catch (thrown) {
      throw new UsageError(`--set ${text}: ${(thrown as Error).message}`, { cause: thrown })
    }
  }, before)
  return new Map(files).set(PROJECT_FILE, changed)
}
