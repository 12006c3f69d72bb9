// --set: values of plugboard.yaml changed by path, comments and lines kept.
import { isCollection, isSeq, parse, parseDocument } from 'yaml'
import { type Files, PROJECT_FILE } from '#workspace'
import { UsageError } from './io.ts'

export interface Setting {
  /** As it was written, for messages. */
  text: string
  path: string[]
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
      path: segments.map(([, key, quoted, index]) => (key ?? quoted ?? index)!),
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
export function withSettings(files: Files, settings: readonly Setting[]): Files {
  const before = files.get(PROJECT_FILE) ?? ''
  if (settings.length === 0 || typeof before !== 'string') return files
  const document = parseDocument(before)
  // With mistakes of its own it stays as it is: the engine tells them at their lines.
  if (document.errors.length > 0) return files
  for (const { text, path, value } of settings) {
    for (let length = 1; length < path.length; length++) {
      const parent: unknown = document.getIn(path.slice(0, length))
      const name = path.slice(0, length).join('.')
      const index = path[length]!
      if (isSeq(parent) && !(/^\d+$/.test(index) && Number(index) <= parent.items.length)) {
        throw new UsageError(
          `--set ${text}: ${name} is a list of ${parent.items.length}, which has no '${index}'. ` +
            `Name one of it as ${name}[0], or the next as ${name}[${parent.items.length}].`,
        )
      }
      if (parent === undefined || parent === null || isCollection(parent)) continue
      throw new UsageError(
        `--set ${text}: ${name} is ${JSON.stringify(parent)}, which has nothing inside. ` +
          `Set ${name} itself, such as ${name}={name: …, config: {…}}.`,
      )
    }
    document.setIn(path, isPlain(value) ? value : document.createNode(value))
  }
  return new Map(files).set(PROJECT_FILE, document.toString({ lineWidth: 0 }))
}

/** Written over a scalar, so that the comment beside it stays. */
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null
