// One package before it is installed: manifests, what it changes, its README and files; and the button that takes it.
import { type Files, type InstallPlan, loadPackages } from '#workspace'
import { useEffect, useMemo, useState } from 'react'
import { toast } from 'sonner'
import { applyChanges, type FileChanges } from '../share/apply-changes.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { useEngineView } from '../store/store.ts'
import { Button } from '../ui/button.tsx'
import { plural } from '../ui/format.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import type { Candidate } from './fetch-package.ts'
import { useLook } from './inspect.ts'
import { FileLook, LookView } from './look-view.tsx'

type Planned = { plan: InstallPlan; changes: FileChanges; next: Files } | { problem: string }

function usePlan({ resolved, spec }: Candidate): Planned | undefined {
  const files = useWorkspace((state) => state.files)
  const [planned, setPlanned] = useState<Planned>()
  useEffect(() => {
    let isGone = false
    void loadPackages().then(({ additionOf, planInstall, withChanges }) => {
      if (isGone) return
      try {
        const plan = planInstall(files, resolved.package)
        const changes =
          spec === undefined ? plan.changes : additionOf(files, resolved, spec).changes
        setPlanned({ plan, changes, next: withChanges(files, changes) })
      } catch (error) {
        setPlanned({ problem: (error as Error).message })
      }
    })
    return () => {
      isGone = true
    }
  }, [files, resolved, spec])
  return planned
}

export function PackageLook({ candidate, onDone }: { candidate: Candidate; onDone: () => void }) {
  const { resolved } = candidate
  const { json, files, entries } = resolved.package
  const planned = usePlan(candidate)
  const plan = planned && 'plan' in planned ? planned : undefined
  const look = useLook(plan?.next, `${plan?.plan.folder ?? 'packages'}/`)
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  const readme = useMemo(() => files.get('README.md'), [files])
  const before = plan?.plan.before

  function install(): void {
    if (!plan) return
    try {
      const undo = applyChanges(plan.changes)
      onDone()
      toast.success(`Installed ${json.name} ${json.version}`, {
        description: `Its files are in ${plan.plan.folder}.`,
        action: { label: 'Undo', onClick: undo },
      })
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <article className="package-look" aria-label={`Package ${json.name}`}>
      <h3>
        {json.name} <span className="package-version">{json.version}</span>
      </h3>
      <p className="share-note">
        {json.description}
        {json.author === undefined ? '' : ` By ${json.author}.`}
        {json.license === undefined ? '' : ` Licence ${json.license}.`} From {resolved.resolved}.
      </p>
      {planned && 'problem' in planned ? (
        <p className="share-problem" role="alert">
          {planned.problem}
        </p>
      ) : (
        <LookView look={look} />
      )}
      {plan ? <Changes plan={plan.plan} version={json.version} /> : null}
      <div className="share-row">
        <Button variant="primary" disabled={!plan || plan.changes.size === 0} onClick={install}>
          {plan?.changes.size === 0
            ? 'Installed'
            : before === undefined || before === json.version
              ? 'Install'
              : `Replace ${before} by ${json.version}`}
        </Button>
        <span className="share-note">
          {areUp
            ? 'Plugins are up: its code runs as soon as it is here, in the sandbox, without network or access to anything else.'
            : 'Its code runs with your next run, in the sandbox, without network or access to anything else.'}
        </span>
      </div>
      <FileLook files={files} first={entries[0]} />
      {typeof readme === 'string' ? (
        <pre className="package-readme" tabIndex={0} aria-label="README">
          {readme.slice(0, 20_000)}
        </pre>
      ) : null}
    </article>
  )
}

function Changes({ plan, version }: { plan: InstallPlan; version: string }) {
  const { before, added, changed, removed } = plan
  if (before === undefined) return null
  const all = [
    ...added.map((path) => ['added', path] as const),
    ...changed.map((path) => ['changed', path] as const),
    ...removed.map((path) => ['removed', path] as const),
  ]
  return (
    <details className="look-files" open>
      <summary>
        From {before} to {version}: {plural(all.length, 'file')} differ
      </summary>
      <ul className="change-list" tabIndex={0}>
        {all.map(([kind, path]) => (
          <li key={path} className={`change change-${kind}`}>
            <code>{path}</code> {kind}
          </li>
        ))}
      </ul>
    </details>
  )
}
