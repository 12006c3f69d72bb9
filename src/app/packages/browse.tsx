// Packages of all indexes, searched by words; one of them to look at.
import { ListedPackageRow } from './package-row.tsx'
import { PackageSearch } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { SearchField } from '../ui/controls.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { type Candidate, fetchListed } from './fetch-package.ts'
import { IndexList } from './index-list.tsx'
import { indexes, type Listed, loadIndexes } from './indexes.ts'
import { PackageLook } from './package-look.tsx'

const textOf = ({ name, description, keywords, plugins }: Listed): string =>
  [
    name,
    description,
    ...keywords,
    ...plugins.flatMap((each) => [each.name, each.category, each.description]),
  ]
    .join(' ')
    .toLowerCase()

export function Browse() {
  const { packages, isLoaded, failures } = useStore(indexes)
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<Listed>()
  const details = useRef<HTMLDivElement>(null)
  useEffect(() => void loadIndexes(), [])
  useEffect(() => {
    // On a narrow screen they are below the list.
    if (chosen) details.current?.scrollIntoView({ block: 'start' })
  }, [chosen])
  const words = search.toLowerCase().split(/\s+/)
  const found = packages.filter((each) => words.every((word) => textOf(each).includes(word)))
  return (
    <div className="packages-split">
      <div className="packages-list">
        <SearchField label="Search packages" value={search} onChange={setSearch} />
        <ul aria-label="Packages">
          {found.map((each) => (
            <ListedPackageRow
              key={`${each.index} ${each.name}`}
              listed={each}
              isChosen={each === chosen}
              onChoose={() => setChosen(each)}
            />
          ))}
        </ul>
        {isLoaded && found.length === 0 ? (
          <p className="share-note">
            {search === '' ? 'No index has any package.' : `No package has “${search}” in it.`}
          </p>
        ) : null}
        {Object.entries(failures).map(([address, reason]) => (
          <p key={address} className="share-problem">
            {reason}
          </p>
        ))}
        <IndexList />
      </div>
      <div ref={details} className="packages-details">
        {chosen ? (
          <Details key={`${chosen.index} ${chosen.name}`} listed={chosen} />
        ) : (
          <EmptyState icon={<PackageSearch size={28} />} title="Choose a package">
            <p>You see its manifests, its README and its code before it is installed.</p>
          </EmptyState>
        )}
      </div>
    </div>
  )
}

function Details({ listed }: { listed: Listed }) {
  const [candidate, setCandidate] = useState<Candidate | { problem: string }>()
  useEffect(() => {
    let isGone = false
    fetchListed(listed, listed.index).then(
      (found) => !isGone && setCandidate(found),
      (error: unknown) => {
        if (!isGone)
          setCandidate({ problem: error instanceof Error ? error.message : String(error) })
      },
    )
    return () => {
      isGone = true
    }
  }, [listed])
  if (!candidate) return <div className="late" aria-busy="true" />
  if ('problem' in candidate)
    return (
      <p className="share-problem" role="alert">
        {candidate.problem}
      </p>
    )
  return <PackageLook candidate={candidate} onDone={() => undefined} />
}
