// What a model made of a row: classes as bars, a text that goes on, tokens, numbers.
import type { PredictResult } from '#protocol'
import { formatValue } from '../../ui/format.ts'

/** Classes that are shown, likeliest first where there are more. */
const MAX_BARS = 12

export function ResultView({ result, prompt }: { result: PredictResult; prompt: string }) {
  switch (result.kind) {
    case 'classes':
      return <Bars classes={result.classes} />
    case 'text':
      return (
        <p className="try-text">
          <span className="panel-muted">{prompt}</span>
          {result.text}
        </p>
      )
    case 'tokens':
      return (
        <ul className="try-tokens">
          {result.tokens.map(({ text, classes: [best] }, index) => (
            <li key={index} title={best ? `${best.name}: ${percent(best.share)}` : ''}>
              <span>{text}</span>
              <span className="panel-muted">{best?.name}</span>
            </li>
          ))}
        </ul>
      )
    case 'numbers':
      return <p className="try-numbers-out numeric">{result.values.map(formatValue).join(', ')}</p>
    default:
      return result satisfies never
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`

function Bars({ classes }: { classes: readonly { name: string; share: number }[] }) {
  const best = classes.reduce((top, { share }) => Math.max(top, share), 0)
  const shown =
    classes.length <= MAX_BARS
      ? classes
      : classes.toSorted((a, b) => b.share - a.share).slice(0, MAX_BARS)
  return (
    <ul className="try-bars">
      {shown.map(({ name, share }) => (
        <li key={name} data-best={share === best || undefined}>
          <span className="try-class">{name}</span>
          <span className="try-bar" aria-hidden="true">
            <span style={{ width: `${100 * share}%` }} />
          </span>
          <span className="numeric">{percent(share)}</span>
        </li>
      ))}
    </ul>
  )
}
