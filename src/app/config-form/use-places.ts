// The way from the text to the form: the setting to lead to, and a mark at that of the cursor.
import { type Path, PROJECT_FILE } from '#workspace'
import { type RefObject, useEffect } from 'react'
import { useStore } from 'zustand'
import { useCursor } from '../editor/index.ts'
import { useWorkspace } from '../workspace/index.ts'
import { useConfig } from './config.ts'
import { formState, keyOf } from './form-state.ts'

/** The field of a setting, or of the nearest around it that has one. */
function fieldOf(path: Path): HTMLElement | null {
  for (let depth = path.length; depth > 0; depth--) {
    const found = document.getElementById(keyOf(path.slice(0, depth)))
    if (found) return found.closest<HTMLElement>('.config-field')
  }
  return null
}

/** Leads to the setting that was asked for, once. */
export function useTarget(body: RefObject<HTMLElement | null>): void {
  const target = useStore(formState, (state) => state.target)
  useEffect(() => {
    const field = target && fieldOf(target.path)
    if (!field || !body.current) return
    formState.setState({ target: undefined })
    field.scrollIntoView({ block: 'center' })
    field.querySelector<HTMLElement>('.config-control :is(input, select, button)')?.focus()
  }, [target, body])
}

/** Marks the field of the setting that the editor's cursor is in. */
export function useCursorMark(body: RefObject<HTMLElement | null>): void {
  const { document: text } = useConfig()
  const cursor = useCursor()
  const isText = useWorkspace(({ active }) => active === PROJECT_FILE)
  const key = isText ? JSON.stringify(text.pathAt(cursor)) : '[]'
  useEffect(() => {
    const field = fieldOf(JSON.parse(key) as Path)
    if (!field) return undefined
    field.dataset['cursor'] = 'true'
    return () => void delete field.dataset['cursor']
  }, [key, body])
}
