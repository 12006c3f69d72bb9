// The form of a new plugin: every change shows at once what it would come to.
import type { loadTemplates, PluginKind, PluginPlan, PluginRequest } from '#workspace'
import { useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import { useEngineView } from '../store/store.ts'
import { Button } from '../ui/button.tsx'
import { useWorkspace } from '../workspace/index.ts'
import { KindList } from './kind-list.tsx'
import { kindChoices } from './kinds.ts'
import { makePlugin } from './make-plugin.ts'
import { NameField } from './name-field.tsx'
import { PlanView } from './plan-view.tsx'

export type Templates = Awaited<ReturnType<typeof loadTemplates>>

interface NewPluginFormProps {
  templates: Templates
  onClose: () => void
}

/** The first name that is free: `my_loss`, `my_loss_2` … */
function freeName(templates: Templates, request: Omit<PluginRequest, 'name'>): string {
  const first = `my_${request.kind}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? first : `${first}_${n}`
    if (n > 100 || templates.planProblem({ ...request, name }) === undefined) return name
  }
}

export function NewPluginForm({ templates, onClose }: NewPluginFormProps) {
  const nameField = useRef<HTMLInputElement>(null)
  const files = useWorkspace((state) => state.files)
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const choices = useMemo(() => kindChoices(templates.sampleOf), [templates])
  const [kind, setKind] = useState<PluginKind>('callback')
  const [typed, setTyped] = useState<string>()
  const [isUsed, setUsed] = useState<boolean>()

  const name = typed ?? freeName(templates, { kind, files, plugins })
  const request = { kind, name, files, plugins }
  const problem = templates.planProblem(request)
  const plan = problem === undefined ? templates.planPlugin({ ...request, isUsed }) : undefined
  /** What it comes to when the experiment is left alone. */
  const alone = problem === undefined ? templates.planPlugin({ ...request, isUsed: false }) : plan
  const choice = choices.find((each) => each.kind === kind)!

  function make(): void {
    if (!plan) return
    try {
      makePlugin(plan)
      onClose()
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <form
      className="new-plugin-form"
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <KindList
        choices={choices}
        chosen={kind}
        onChoose={(next) => {
          setKind(next)
          setUsed(undefined)
        }}
        onSettle={() => nameField.current?.focus()}
      />
      <div className="new-plugin-what">
        <h3>
          <choice.icon size={18} aria-hidden="true" /> {kind}: {choice.what}
        </h3>
        <p className="new-plugin-sample">
          <span className="chip">The template</span> {templates.sampleOf(kind)}
        </p>
        <NameField
          ref={nameField}
          value={name}
          problem={problem}
          better={templates.isPluginName(name) ? undefined : betterName(templates, name, plugins)}
          onChange={setTyped}
        />
        {plan && <PlanView plan={plan} />}
        {plan && alone?.project.isLeft && (
          <label className="new-plugin-use">
            <input
              type="checkbox"
              checked={!plan.project.isLeft}
              onChange={({ target }) => setUsed(target.checked)}
            />
            Use it in the experiment{instead(plan)}
          </label>
        )}
      </div>
      <div className="dialog-actions">
        <span className="new-plugin-keys" aria-hidden="true">
          <kbd>↑</kbd> <kbd>↓</kbd> kind · <kbd>Enter</kbd> name · <kbd>Enter</kbd> make it
        </span>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!plan}>
          Make it
        </Button>
      </div>
    </form>
  )
}

/** A good name from one that is none; nothing while there is nothing to make it of. */
function betterName(
  templates: Templates,
  name: string,
  plugins: PluginRequest['plugins'],
): string | undefined {
  if (!/[a-z]/i.test(name)) return undefined
  return templates.nameOfFile(name, new Set(plugins.map(({ manifest }) => manifest.name)))
}

const instead = ({ project: { replaces } }: PluginPlan): string =>
  replaces === undefined ? '' : `, in place of ${replaces}`
