// Everything the engine tells of one plugin, and the steps that can be driven by hand.
import { FileCode, GitFork } from 'lucide-react'
import type { PluginInfo } from '#protocol'
import { fork, useBuiltinSource } from '../../editor/index.ts'
import { showPanel } from '../../shell/navigation.ts'
import { nameOf } from '../../store/engine-slice.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorView } from '../error-view.tsx'
import { HookList } from './hook-list.tsx'
import { goToPart, goToPlugin } from '../plugin-source/go-to-part.ts'
import { CAUSES } from './lifecycle.ts'
import { PluginGraph } from './plugin-graph.tsx'
import { Facts, Gives, TimeByStage } from './plugin-facts.tsx'
import type { Subject } from '../plugin-source/source-places.ts'
import { StepButtons } from './step-buttons.tsx'
import { Transitions } from './transitions.tsx'
import './plugin-details.css'

interface PluginDetailsProps {
  plugin: PluginInfo
  /** Shows the details of another one. */
  onOpen: (name: string) => void
}

export function PluginDetails({ plugin, onOpen }: PluginDetailsProps) {
  const { manifest, error, cause } = plugin
  const name = nameOf(plugin)
  const builtin = useBuiltinSource(name)
  const path = plugin.origin === 'builtin' ? builtin : plugin.file
  const go = (subject: Subject, part: string): void => void goToPart(name, subject, part)
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
      {path === undefined ? null : (
        <div className="button-row">
          <Button icon={<FileCode size={14} />} onClick={() => void goToPlugin(name)}>
            Open source
          </Button>
          {plugin.origin === 'builtin' ? (
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
      )}
      <StepButtons plugin={plugin} />
      <HookList plugin={plugin} onGo={go} />
      <Gives plugin={plugin} onGo={go} />
      <TimeByStage plugin={plugin} />
      <PluginGraph plugin={plugin} onOpen={onOpen} />
      <Facts plugin={plugin} />
      <Transitions plugin={plugin} />
    </div>
  )
}
