// The lifecycle of one plugin, driven by hand: each step, a fresh instance, and the choice in the project file.
import { RotateCw } from 'lucide-react'
import { Switch } from 'radix-ui'
import { useState } from 'react'
import type { LifecycleStep, PluginInfo } from '#protocol'
import { session } from '../../session/page-session.ts'
import { useIsUntrusted } from '../../session/trust.ts'
import { nameOf } from '../../store/engine-slice.ts'
import { isActive } from '../../store/run-slice.ts'
import { engineStore, useEngineView } from '../../store/store.ts'
import { Button } from '../../ui/button.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { setEnabled } from './enable.ts'
import { consequence, dependentsOf, effectOn, STEPS, whyNot } from './lifecycle.ts'

export function StepButtons({ plugin }: { plugin: PluginInfo }) {
  const name = nameOf(plugin)
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const isUp = useEngineView(({ engine }) => engine.status === 'ready')
  const isTraining = useEngineView(({ run }) => isActive(run.current))
  const isUntrusted = useIsUntrusted()
  const [said, setSaid] = useState<string>()
  const before = consequence(plugin, plugins)

  async function act(work: () => Promise<void>): Promise<void> {
    setSaid(undefined)
    const others = dependentsOf(name, plugins).map(nameOf)
    await work()
    setSaid(effectOn(others, plugins, engineStore.getState().engine.plugins))
  }

  const reasonFor = (step: LifecycleStep): string | undefined =>
    isUp ? whyNot(step, plugin, plugins) : 'The engine is not up'
  const renewReason = isUp ? undefined : 'The engine is not up'

  return (
    <div>
      <h3>Lifecycle</h3>
      {isUntrusted ? (
        <p className="panel-muted">
          This workspace came from a link: each step but Validate runs its code.
        </p>
      ) : null}
      <div className="button-row">
        {STEPS.map(({ step, label }) => (
          <StepButton
            key={step}
            label={label}
            reason={reasonFor(step)}
            onRefused={setSaid}
            onAct={() => void act(() => session.transition(name, step))}
          />
        ))}
        <StepButton
          label="Reload"
          reason={renewReason}
          onRefused={setSaid}
          onAct={() => void act(() => session.renew(name))}
        />
      </div>
      <p className="step-said" role="status">
        {said ?? before ?? ''}
      </p>
      {isTraining && plugin.isPinned ? (
        <p className="panel-muted">
          The run uses it: stopped, its hooks end at once; what it contributed stays until the run
          ends.
        </p>
      ) : null}
      <EnabledSwitch plugin={plugin} />
    </div>
  )
}

interface StepButtonProps {
  label: string
  /** Why it is not possible now. */
  reason: string | undefined
  onRefused: (reason: string) => void
  onAct: () => void
}

/** One that is not possible can still be reached, and says why. */
function StepButton({ label, reason, onRefused, onAct }: StepButtonProps) {
  const isReload = label === 'Reload'
  const about = isReload ? 'A fresh instance of it, and of what stands on it' : undefined
  const button = (
    <Button
      className="step-button"
      icon={isReload ? <RotateCw size={13} /> : undefined}
      aria-disabled={reason !== undefined}
      onClick={() => (reason === undefined ? onAct() : onRefused(`${label}: ${reason}.`))}
    >
      {label}
    </Button>
  )
  const text = reason ?? about
  return text === undefined ? button : <Tooltip text={text}>{button}</Tooltip>
}

/** The lasting choice: a step by hand holds until the plugins are brought up again. */
function EnabledSwitch({ plugin }: { plugin: PluginInfo }) {
  const name = nameOf(plugin)
  const id = `enabled-${name}`
  return (
    <div className="plugin-enabled">
      <Switch.Root
        id={id}
        className="switch"
        checked={plugin.isEnabled}
        onCheckedChange={(isEnabled) => void setEnabled(name, isEnabled)}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <label htmlFor={id}>
        Enabled in plugboard.yaml
        <span className="panel-muted"> kept with the workspace; steps above are not</span>
      </label>
    </div>
  )
}
