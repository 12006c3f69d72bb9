// "Go to definition" across files opens a tab.
import { pathOf } from './models.ts'
import { monaco } from './monaco.ts'
import { reveal } from './state.ts'

/** Opens what Monaco wants to show in another file, libraries included. */
export function openLinksInTabs(): void {
  monaco.editor.registerEditorOpener({
    openCodeEditor(_source, resource, place) {
      const { lineNumber: line, column } =
        place && 'startLineNumber' in place
          ? { lineNumber: place.startLineNumber, column: place.startColumn }
          : (place ?? { lineNumber: 1, column: 1 })
      return reveal({ file: pathOf(resource), line, column })
    },
  })
}
