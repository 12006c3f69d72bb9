// The recorded steps side by side, each a bar of its phases; one is chosen to be looked at closely.
import type { RecordedStep } from '../../store/profile-slice.ts'
import { formatDuration } from '../../ui/format.ts'

interface StepBarsProps {
  steps: readonly RecordedStep[]
  /** Place in `steps`. */
  chosen: number
  onChoose: (index: number) => void
}

const HEIGHT = 72
/** In pixels: of a bar, and between two. */
const WIDTH = { most: 18, least: 3 }

export function StepBars({ steps, chosen, onChoose }: StepBarsProps) {
  const longest = Math.max(...steps.map(({ durationMs }) => durationMs))
  const step = steps[chosen]!
  const title = `step ${step.step}, ${formatDuration(step.durationMs)}`
  const keys: Record<string, number> = {
    ArrowLeft: chosen - 1,
    ArrowRight: chosen + 1,
    Home: 0,
    End: steps.length - 1,
  }
  return (
    <div
      className="step-bars"
      role="slider"
      tabIndex={0}
      aria-label="Recorded step"
      aria-valuemin={1}
      aria-valuemax={steps.length}
      aria-valuenow={chosen + 1}
      aria-valuetext={title}
      style={{ height: HEIGHT }}
      onKeyDown={(event) => {
        const next = keys[event.key]
        if (next === undefined) return
        event.preventDefault()
        onChoose(Math.min(steps.length - 1, Math.max(0, next)))
      }}
    >
      {steps.map((each, index) => (
        <div
          key={each.step}
          className="step-bar"
          title={`step ${each.step}, ${formatDuration(each.durationMs)}`}
          data-chosen={index === chosen || undefined}
          style={{
            height: `${(each.durationMs / longest) * 100}%`,
            maxWidth: WIDTH.most,
            minWidth: WIDTH.least,
          }}
          onPointerDown={() => onChoose(index)}
        >
          {each.phases.map(({ name, durationMs }, place) => (
            <span key={place} data-phase={name} style={{ flexGrow: durationMs }} />
          ))}
        </div>
      ))}
    </div>
  )
}
