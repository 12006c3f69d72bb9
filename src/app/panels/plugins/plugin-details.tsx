// Everything the engine tells of one plugin, and the steps that can be driven by hand.
import { FileCode, GitFork } from 'lucide-react'
import type { PluginInfo } from '#protocol'
import { fork, useBuiltinSource } from '../../editor/index.ts'
import { session } from '../../session/page-session.ts'
import { useIsUntrusted } from '../../session/trust.ts'
import { goTo, showPanel } from '../../shell/navigation.ts'
import { useEngineView } from '../../store/store.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorView } from '../error-view.tsx'
import { formatCount, formatDuration } from '../../ui/format.ts'
import { CAUSES, STEPS } from './lifecycle.ts'

export function PluginDetails({ plugin }: { plugin: PluginInfo }) {
  const { manifest, error, cause, dependencies, services } = plugin
  return (
    <div className="plugin-details">
      {manifest.description === '' ? null : <p>{manifest.description}</p>}
      {plugin.replacesBuiltin ? (
        <p className="panel-muted">Stands in for the built-in plugin of this name.</p>
      ) : null}
      {plugin.state === 'failed' && cause ? (
        <p className="plugin-cause">Failed: {CAUSES[cause]}.</p>
      ) : null}
      {error ? <ErrorView info={error} /> : null}
      <SourceButtons plugin={plugin} />
      <StepButtons plugin={plugin} />
      <HookTable plugin={plugin} />
      <Names
        title="Contributes"
        names={plugin.contributions.map(({ kind, name }) => `${kind}/${name}`)}
      />
      <Names title="Services" names={services} />
      <Names title="Stands on" names={dependencies} />
    </div>
  )
}

function SourceButtons({ plugin: { manifest, origin, file } }: { plugin: PluginInfo }) {
  const isBuiltin = origin === 'builtin'
  const builtin = useBuiltinSource(manifest.name)
  const path = isBuiltin ? builtin : file
  if (path === undefined) return null
  return (
    <div className="button-row">
      <Button
        icon={<FileCode size={14} />}
        onClick={() => goTo({ file: path, line: 1, column: 1 })}
      >
        Open source
      </Button>
      {isBuiltin ? (
        <Button
          icon={<GitFork size={14} />}
          onClick={() => {
            fork(path)
            showPanel('editor')
          }}
        >
          Fork
        </Button>
      ) : null}
    </div>
  )
}

function StepButtons({ plugin: { manifest, state } }: { plugin: PluginInfo }) {
  const isUp = useEngineView(({ engine }) => engine.status === 'ready')
  const isUntrusted = useIsUntrusted()
  return (
    <div>
      <h3>Lifecycle</h3>
      {isUntrusted ? (
        <p className="panel-muted">
          This workspace came from a link: each step but Validate runs its code.
        </p>
      ) : null}
      <div className="button-row step-row">
        {STEPS.map(({ step, label, from }) => (
          <Button
            key={step}
            className="step-button"
            disabled={!isUp || !from.includes(state)}
            onClick={() => void session.transition(manifest.name, step)}
          >
            {label}
          </Button>
        ))}
      </div>
    </div>
  )
}

function HookTable({ plugin: { hooks } }: { plugin: PluginInfo }) {
  if (hooks.length === 0) return null
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th scope="col">Hook</th>
          <th scope="col" className="number">
            Calls
          </th>
          <th scope="col" className="number">
            Time
          </th>
        </tr>
      </thead>
      <tbody>
        {hooks.map(({ hook, label, calls, failures, totalMs }) => (
          <tr key={`${hook} ${label}`}>
            <td>
              {hook}
              {failures > 0 ? <span className="hook-failures"> {failures} failed</span> : null}
            </td>
            <td className="number">{formatCount(calls)}</td>
            <td className="number">{calls > 0 ? formatDuration(totalMs) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul className="chips">
        {names.map((name) => (
          <li key={name} className="chip">
            {name}
          </li>
        ))}
      </ul>
    </div>
  )
}
