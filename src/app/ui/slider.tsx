// A number by dragging or arrow keys. Apart from other controls: a first sight has none.
import { Slider as RadixSlider } from 'radix-ui'

interface SliderProps {
  label: string
  value: number
  max: number
  step: number
  format: (value: number) => string
  onChange: (value: number) => void
}

export function Slider({ label, value, max, step, format, onChange }: SliderProps) {
  return (
    <div className="slider-field" title={label}>
      <span aria-hidden="true">{label}</span>
      <RadixSlider.Root
        className="slider"
        value={[value]}
        max={max}
        step={step}
        onValueChange={([next]) => onChange(next ?? 0)}
      >
        <RadixSlider.Track className="slider-track">
          <RadixSlider.Range className="slider-range" />
        </RadixSlider.Track>
        <RadixSlider.Thumb
          className="slider-thumb"
          aria-label={label}
          aria-valuetext={format(value)}
        />
      </RadixSlider.Root>
      <output className="slider-value numeric">{format(value)}</output>
    </div>
  )
}
