// Monaco's colours from the app's tokens, light or dark, changing with them.
import { monaco } from './monaco.ts'

const THEME = 'plugboard'

/** Value of a colour token as #rrggbb, whatever notation the style sheet uses. */
function colour(token: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  document.body.append(probe)
  context.fillStyle = getComputedStyle(probe).color
  probe.remove()
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((part) => part!.toString(16).padStart(2, '0')).join('')}`
}

/** Share of light in a colour, 0 … 1 (Rec. 709 weights, gamma left in: good enough to tell dark from light). */
function lightness(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function apply(): void {
  const background = colour('--bg')
  const raised = colour('--bg-raised')
  const border = colour('--border')
  monaco.editor.defineTheme(THEME, {
    base: lightness(background) < 0.5 ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [],
    colors: {
      'editor.background': background,
      'editor.foreground': colour('--fg'),
      'editorLineNumber.foreground': colour('--fg-muted'),
      'editorGutter.background': background,
      'editorWidget.background': raised,
      'editorWidget.border': border,
      'editorHoverWidget.background': raised,
      'editorSuggestWidget.background': raised,
      focusBorder: colour('--accent'),
      // Fainter than Monaco's own, on which coloured words would be too pale to read.
      'diffEditor.insertedLineBackground': `${colour('--ok')}0c`,
      'diffEditor.insertedTextBackground': `${colour('--ok')}10`,
      'diffEditor.removedLineBackground': `${colour('--danger')}0c`,
      'diffEditor.removedTextBackground': `${colour('--danger')}10`,
    },
  })
  monaco.editor.setTheme(THEME)
}

/** Follows the app's theme: the attributes of the root element and the system's setting. */
export function followTheme(): void {
  apply()
  const observer = new MutationObserver(apply)
  observer.observe(document.documentElement, { attributeFilter: ['class', 'style', 'data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply)
}
