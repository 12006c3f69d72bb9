// What the form is made of: text, schema, problems at their settings, and which settings are looked for.
import { type Path, PROJECT_FILE } from '#workspace'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { allProblems } from '../session/problems.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { useEngineView } from '../store/store.ts'
import { useWorkspace } from '../workspace/index.ts'
import { type Config, form } from './config.ts'
import { formState, keyOf } from './form-state.ts'
import type { FieldProps } from './props.ts'

type Schema = FieldProps['schema']

/** The project file as the form has it; `undefined` until the engine told its schema. */
export function useForm(): { config: Config | undefined; isThere: boolean } {
  const text = useWorkspace(({ files }) => files.get(PROJECT_FILE))
  const root = useEngineView<Schema | undefined>(({ engine }) => engine.yamlSchemas[PROJECT_FILE])
  const problems = useEngineView(({ engine }) => allProblems(engine))
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  const { query, isOnlySet } = useStore(formState)
  const isThere = typeof text === 'string'
  const document = useMemo(() => form.readConfig(isThere ? text : ''), [text, isThere])
  const config = useMemo((): Config | undefined => {
    if (!root) return undefined
    const wrong = new Map<string, string[]>()
    for (const { source, message, hint } of problems) {
      if (source?.file !== PROJECT_FILE) continue
      const key = keyOf(document.pathAt(source))
      wrong.set(key, [...(wrong.get(key) ?? []), hint ? `${message} (${hint})` : message])
    }
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const isShown = (path: Path, schema: Schema): boolean => {
      if (isOnlySet && !form.isSetAt(document.value, path)) return false
      return words.length === 0 || hasWords(path, schema, root, document.value, words)
    }
    return { document, root, problems: wrong, areUp, isShown }
  }, [document, root, problems, areUp, query, isOnlySet])
  return { config, isThere }
}

const MAX_DEPTH = 8

/** Whether a setting, those around it or one in it has all the words in its name or description. */
function hasWords(
  path: Path,
  schema: Schema,
  root: Schema,
  value: unknown,
  words: readonly string[],
): boolean {
  const text = `${path.join(' ').replaceAll('_', ' ')} ${path.join(' ')} ${form.descriptionOf(schema)}`
  const searched = text.toLowerCase()
  if (words.every((word) => searched.includes(word))) return true
  if (path.length > MAX_DEPTH) return false
  return inside(path, schema, root, value).some(({ path: at, schema: each }) =>
    hasWords(at, form.resolved(each, root), root, value, words),
  )
}

function inside(path: Path, schema: Schema, root: Schema, value: unknown): FieldProps[] {
  const control = form.controlOf(schema, root)
  const entries = (at: Path, of: Schema): FieldProps[] => {
    const group = form.controlOf(form.resolved(of, root), root)
    if (group.kind !== 'group') return []
    return group.entries.map(({ key, schema: each }) => ({ path: [...at, key], schema: each }))
  }
  if (control.kind === 'group') return entries(path, schema)
  if (control.kind !== 'component') return []
  const there = form.valueAt(value, path)
  const name = typeof there === 'object' ? form.valueAt(there, ['name']) : there
  const config = control.choices.find((choice) => choice.name === name)?.config
  return config ? entries([...path, 'config'], config) : []
}
