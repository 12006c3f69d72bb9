// The one Monaco editor of the page: which file it shows, where the cursor was in each, where it should go.
import { isLibraryPath, MAX_TEXT_LENGTH } from '#workspace'
import { toast } from 'sonner'
import { flushWorkspace, workspaceStore } from '../workspace/workspace.ts'
import { isMac, TAB_KEYS } from '../ui/keys.ts'
import { modelOf } from './models.ts'
import { monaco } from './monaco.ts'
import { editorStore, setEditorCommand } from './state.ts'

type ViewState = monaco.editor.ICodeEditorViewState

/** Cursor, scroll and folding by workspace and path; kept while the page lives, also when the panel is closed. */
const viewStates = new Map<string, ViewState>()

const viewKey = (path: string): string => `${workspaceStore.getState().entry?.id ?? ''}:${path}`

export interface CursorPlace {
  line: number
  column: number
}

export interface CodeViewEvents {
  onCursor(place: CursorPlace): void
  /** Whether the Tab key moves the focus on instead of indenting. */
  onTabMoves(moves: boolean): void
}

export interface CodeView {
  toggleTabKey(): void
  focus(): void
  dispose(): void
}

const LIBRARY = 'This source is read-only. Fork it into the workspace to change it.'
const ELSEWHERE = 'This workspace is open in another tab. Take over to edit here.'

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  model: null,
  fontSize: 13,
  lineHeight: 20,
  padding: { top: 8, bottom: 8 },
  minimap: { enabled: false },
  // Dimmed, it would be too pale to read.
  renderFinalNewline: 'on',
  // Any word of the file where nothing fits is worse than nothing.
  wordBasedSuggestions: 'off',
  scrollBeyondLastLine: false,
  stickyScroll: { enabled: false },
  renderLineHighlightOnlyWhenFocus: true,
  fixedOverflowWidgets: true,
  overviewRulerBorder: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
  tabSize: 2,
}

const TAB_KEY = isMac
  ? monaco.KeyMod.WinCtrl | monaco.KeyMod.Shift | monaco.KeyCode.KeyM
  : monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyM

/** Shows the store's active file in `host` and follows the store from then on. */
export function createCodeView(host: HTMLElement, events: CodeViewEvents): CodeView {
  const fontFamily = getComputedStyle(host).getPropertyValue('--font-mono').trim()
  const editor = monaco.editor.create(host, { ...OPTIONS, ...(fontFamily && { fontFamily }) })
  let shown: string | null = null

  const keepView = (): void => {
    const state = shown === null ? null : editor.saveViewState()
    if (shown !== null && state) viewStates.set(shown, state)
  }
  const tellCursor = (): void => {
    const place = editor.getPosition()
    if (!place) return
    const cursor = { line: place.lineNumber, column: place.column }
    editorStore.setState({ cursor })
    events.onCursor(cursor)
  }
  const show = (): void => {
    const path = workspaceStore.getState().active
    const model = path === null ? undefined : modelOf(path)
    if (editor.getModel() !== (model ?? null)) {
      keepView()
      editor.setModel(model ?? null)
      shown = path !== null && model ? viewKey(path) : null
      const view = shown === null ? undefined : viewStates.get(shown)
      if (view) editor.restoreViewState(view)
      tellCursor()
    }
    if (path === null) return
    const isElsewhere = workspaceStore.getState().holder === 'elsewhere'
    editor.updateOptions({
      readOnly: isLibraryPath(path) || isElsewhere,
      readOnlyMessage: { value: isElsewhere ? ELSEWHERE : LIBRARY },
      wordWrap: path.endsWith('.md') ? 'on' : 'off',
      ariaLabel: `${path}. Tab indents; press ${TAB_KEYS} to let Tab move the focus.`,
    })
  }
  const goToTarget = (): void => {
    const { target } = editorStore.getState()
    if (!target || target.file !== workspaceStore.getState().active || !editor.getModel()) return
    editorStore.setState({ target: null })
    if (target.line !== undefined) {
      const place = { lineNumber: target.line, column: target.column }
      editor.setPosition(place)
      editor.revealPositionInCenterIfOutsideViewport(place)
    }
    editor.focus()
  }
  const update = (): void => {
    show()
    goToTarget()
  }

  // Behind another tab it keeps its size: where no line fits, going to the cursor scrolls its line half out of sight.
  const sizes = new ResizeObserver(() => {
    if (host.clientHeight > 0) editor.layout()
  })
  sizes.observe(host)

  // A text beyond the limit would be refused after the editor has worked on it, for seconds.
  const refuseLarge = (event: ClipboardEvent): void => {
    const length = event.clipboardData?.getData('text/plain').length ?? 0
    if (length <= MAX_TEXT_LENGTH) return
    event.preventDefault()
    event.stopPropagation()
    toast.error(
      `The clipboard has ${length.toLocaleString('en')} characters; a text file may have ${MAX_TEXT_LENGTH.toLocaleString('en')}. Add it as a data file in the panel Files.`,
    )
  }
  host.addEventListener('paste', refuseLarge, { capture: true })

  const undo = [workspaceStore.subscribe(update), editorStore.subscribe(goToTarget)]
  editor.onDidChangeCursorPosition(tellCursor)
  let tabMoves = false
  const toggleTabKey = (): void => {
    tabMoves = !tabMoves
    editor.updateOptions({ tabFocusMode: tabMoves })
    events.onTabMoves(tabMoves)
  }
  // Monaco's own action of this key changes all editors and tells nobody.
  editor.addAction({
    id: 'plugboard.tab-key',
    label: 'Toggle Tab Key Moves Focus',
    keybindings: [TAB_KEY],
    run: toggleTabKey,
  })
  // Every edit is saved anyway; the key does what hands expect, and not the browser's "save page".
  editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => void flushWorkspace())
  setEditorCommand((id) => {
    editor.focus()
    void editor.getAction(id)?.run()
  })
  update()

  return {
    toggleTabKey,
    focus: () => editor.focus(),
    dispose() {
      setEditorCommand(undefined)
      sizes.disconnect()
      host.removeEventListener('paste', refuseLarge, { capture: true })
      keepView()
      for (const end of undo) end()
      editor.dispose()
    },
  }
}
