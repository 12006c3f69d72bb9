// The project file as the form has it: read once for each text, changed setting by setting.
import { loadConfigForm, type Path, PROJECT_FILE } from '#workspace'
import { createContext, useContext } from 'react'
import { toast } from 'sonner'
import { workspaceStore } from '../workspace/index.ts'

/** Loaded with the panel, which is late itself. */
export const form = await loadConfigForm()

type Document = ReturnType<typeof form.readConfig>
type Schema = Parameters<typeof form.resolved>[0]

export interface Config {
  readonly document: Document
  /** Of the whole file; references in it look here. */
  readonly root: Schema
  /** What is wrong with a setting, by the key of its path. */
  readonly problems: ReadonlyMap<string, readonly string[]>
  /** Whether a setting, with all that is in it, should be shown. */
  isShown(path: Path, schema: Schema): boolean
  /** Whether plugins are up: until then the settings of their components are not known. */
  readonly areUp: boolean
}

export const ConfigContext = createContext<Config | undefined>(undefined)

export function useConfig(): Config {
  const config = useContext(ConfigContext)
  if (!config) throw new Error('A field of the config form stands outside of the form.')
  return config
}

/** Writes what `change` makes of the text; what keeps it from that is shown. One step to undo. */
export function edit(change: (text: string) => string): void {
  const { files, create, edit: write } = workspaceStore.getState()
  const before = files.get(PROJECT_FILE)
  try {
    const next = change(typeof before === 'string' ? before : '')
    if (before === undefined) create(PROJECT_FILE, next, { open: false })
    else write(PROJECT_FILE, next)
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

/** A component that stands there by its name alone gets room for settings on the way. */
function opened(text: string, path: Path): string {
  const { value } = form.readConfig(text)
  const depth = path.findIndex(
    (key, at) => key === 'config' && typeof form.valueAt(value, path.slice(0, at)) === 'string',
  )
  if (depth < 0) return text
  const at = path.slice(0, depth)
  return form.setValue(text, at, { name: form.valueAt(value, at), config: {} })
}

export const setAt = (path: Path, value: unknown): void =>
  edit((text) => form.setValue(opened(text, path), path, value))

/** Takes a setting out; the last of a component's settings with the word `config`. */
export function resetAt(path: Path): void {
  edit((text) => {
    const { value } = form.readConfig(text)
    const parent = path.slice(0, -1)
    const isLast = Object.keys(Object(form.valueAt(value, parent)) as object).length === 1
    return form.removeValue(text, isLast && parent.at(-1) === 'config' ? parent : path)
  })
}

/** Names a component: the settings of the one before go. */
export function nameComponent(path: Path, name: string): void {
  edit((text) => {
    const { value } = form.readConfig(text)
    const isDetailed = form.valueAt(value, [...path, 'name']) !== undefined
    if (!isDetailed) return form.setValue(text, path, name)
    return form.setValue(form.removeValue(text, [...path, 'config']), [...path, 'name'], name)
  })
}
