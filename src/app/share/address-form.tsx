// Asks for an address, says which hosts it would ask, and fetches only when agreed to.
import { Globe } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { Button } from '../ui/button.tsx'

interface AddressFormProps {
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
  /** What is wrong with it. */
  problem: string | undefined
  /** What will happen, or what is asked. */
  note: string
  /** Hosts that would be asked, the first named on the button; `undefined` while that is not known. */
  hosts: readonly string[] | undefined
  /** In place of fetching, where no host is asked. */
  localLabel?: string
  isBusy: boolean
  onFetch: () => void
  /** Stands above the address. */
  head?: ReactNode
  /** Other ways, beside the button. */
  children: ReactNode
}

/** Which hosts come to know the user. */
export const askedHosts = (hosts: readonly string[]): string =>
  `This asks ${hosts.join(' and ')}, which will see your network address.`

export function AddressForm(props: AddressFormProps) {
  const { label, placeholder, value, problem, note, hosts, localLabel, isBusy, children } = props
  const id = useId()
  const fetching = hosts?.[0] === undefined ? undefined : `Fetch from ${hosts[0]}`
  return (
    <form
      className="share-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (hosts) props.onFetch()
      }}
    >
      {props.head}
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={({ target }) => props.onChange(target.value)}
      />
      <p
        id={`${id}-about`}
        className={problem === undefined ? 'share-note' : 'share-problem'}
        role="status"
      >
        {problem ?? note}
      </p>
      <div className="share-row">
        <Button
          type="submit"
          variant="primary"
          icon={<Globe size={14} />}
          disabled={!hosts || isBusy}
        >
          {isBusy ? 'Fetching…' : (fetching ?? (hosts && localLabel) ?? 'Fetch')}
        </Button>
        {children}
      </div>
    </form>
  )
}
