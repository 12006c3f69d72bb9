// Small controls of panel headers: slider, toggle, search field.
import { Search, X } from 'lucide-react'
import { Slider as RadixSlider, Toggle as RadixToggle } from 'radix-ui'
import type { ReactNode } from 'react'

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
    <div className="slider-field">
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

interface ToggleProps {
  isOn: boolean
  onChange: (isOn: boolean) => void
  children: ReactNode
  label?: string
}

export function Toggle({ isOn, onChange, children, label }: ToggleProps) {
  return (
    <RadixToggle.Root
      className="toggle"
      pressed={isOn}
      onPressedChange={onChange}
      aria-label={label}
    >
      {children}
    </RadixToggle.Root>
  )
}

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className="search">
      <Search size={14} aria-hidden="true" />
      <input
        type="text"
        value={value}
        placeholder={label}
        aria-label={label}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {value === '' ? null : (
        <button type="button" aria-label="Clear" onClick={() => onChange('')}>
          <X size={13} />
        </button>
      )}
    </div>
  )
}
