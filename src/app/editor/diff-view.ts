// Two texts beside each other in Monaco's diff editor: read-only, inline where there is little room.
import { language as typescriptTokens } from 'monaco-editor/languages/definitions/typescript/typescript'
import { languageOf } from './models.ts'
import { monaco } from './monaco.ts'

export interface DiffTexts {
  path: string
  original: string
  modified: string
}

export interface DiffView {
  show(texts: DiffTexts): void
  dispose(): void
}

/** Coloured as TypeScript and not known to its worker, which would take a text for a file of the workspace. */
const PAST_TYPESCRIPT = 'typescript-past'
monaco.languages.register({ id: PAST_TYPESCRIPT })
monaco.languages.setMonarchTokensProvider(PAST_TYPESCRIPT, typescriptTokens)

const OPTIONS: monaco.editor.IStandaloneDiffEditorConstructionOptions = {
  readOnly: true,
  originalEditable: false,
  renderSideBySide: true,
  useInlineViewWhenSpaceIsLimited: true,
  renderSideBySideInlineBreakpoint: 700,
  hideUnchangedRegions: { enabled: true },
  automaticLayout: true,
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  // Dimmed, it would be too pale to read.
  renderFinalNewline: 'on',
  renderOverviewRuler: false,
  scrollBeyondLastLine: false,
  stickyScroll: { enabled: false },
  renderMarginRevertIcon: false,
  renderGutterMenu: false,
}

export function createDiffView(host: HTMLElement): DiffView {
  const fontFamily = getComputedStyle(host).getPropertyValue('--font-mono').trim()
  const editor = monaco.editor.createDiffEditor(host, {
    ...OPTIONS,
    ...(fontFamily && { fontFamily }),
  })
  const clear = (): void => {
    const models = editor.getModel()
    editor.setModel(null)
    models?.original.dispose()
    models?.modified.dispose()
  }
  return {
    show({ path, original, modified }) {
      clear()
      const language = languageOf(path)
      // JSON of the past is not to be validated: plain text has no worker.
      const id = { typescript: PAST_TYPESCRIPT, json: 'plaintext' }[language] ?? language
      editor.setModel({
        original: monaco.editor.createModel(original, id),
        modified: monaco.editor.createModel(modified, id),
      })
      editor.getOriginalEditor().updateOptions({ ariaLabel: `${path} before` })
      editor.getModifiedEditor().updateOptions({ ariaLabel: `${path} after` })
    },
    dispose() {
      clear()
      editor.dispose()
    },
  }
}
