// A setting that may be of several forms: which one, then its own control.
import { form, setAt, useConfig } from './config.ts'
import { useParts } from './parts.ts'
import type { ControlProps } from './props.ts'

export function Variants(props: ControlProps<'variants'>) {
  const { path, control, value, labelledBy } = props
  const { root } = useConfig()
  const { ControlOf } = useParts()
  const { variants } = control
  const place = value === undefined ? 0 : form.variantOf(variants, value, root)
  const chosen = form.resolved(variants[place]!, root)
  return (
    <div className="config-variants">
      <select
        className="field"
        aria-label="Form"
        aria-describedby={labelledBy}
        value={place}
        onChange={({ target }) =>
          setAt(path, form.initialOf(variants[Number(target.value)]!, root))
        }
      >
        {variants.map((variant, index) => (
          <option key={index} value={index}>
            {form.variantName(form.resolved(variant, root))}
          </option>
        ))}
      </select>
      <ControlOf {...props} schema={chosen} control={form.controlOf(chosen, root)} />
    </div>
  )
}
