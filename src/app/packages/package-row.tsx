// A package in the list: name, version, what it is for, whether it is here.
import { Check } from 'lucide-react'
import { useInstalled } from './use-installed.ts'
import type { Listed } from './indexes.ts'

interface RowProps {
  listed: Listed
  isChosen: boolean
  onChoose: () => void
}

export function ListedPackageRow({ listed, isChosen, onChoose }: RowProps) {
  const { name, version, description } = listed
  const here = useInstalled().find((each) => each.name === name)
  return (
    <li>
      <button type="button" className="package-row" aria-pressed={isChosen} onClick={onChoose}>
        <span className="package-name">
          {name} <span className="package-version">{version}</span>
          {here ? (
            <span className="chip">
              <Check size={11} aria-hidden="true" />{' '}
              {here.version === version ? 'installed' : `${here.version} installed`}
            </span>
          ) : null}
        </span>
        <span className="package-about">{description}</span>
      </button>
    </li>
  )
}
