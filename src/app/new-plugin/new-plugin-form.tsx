// The form of a new plugin: every change shows at once what it would come to.
import {
  type loadTemplates,
  type PluginKind,
  pluginKinds,
  type PluginPlan,
  type PluginRequest,
  PROJECT_FILE,
} from '#workspace'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import { useEngineView } from '../store/store.ts'
import { Button } from '../ui/button.tsx'
import { useWorkspace } from '../workspace/index.ts'
import { makePlugin } from './make-plugin.ts'

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
  const id = useId()
  const files = useWorkspace((state) => state.files)
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const [kind, setKind] = useState<PluginKind>('callback')
  const [typed, setTyped] = useState<string>()
  const [isUsed, setUsed] = useState<boolean>()

  const name = typed ?? freeName(templates, { kind, files, plugins })
  const request = { kind, name, files, plugins }
  const problem = templates.planProblem(request)
  const plan = problem === undefined ? templates.planPlugin({ ...request, isUsed }) : undefined
  /** What it comes to when the experiment is left alone. */
  const alone = problem === undefined ? templates.planPlugin({ ...request, isUsed: false }) : plan

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
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <div className="new-plugin-field">
        <label htmlFor={`${id}-kind`}>Kind</label>
        <select
          id={`${id}-kind`}
          className="field"
          value={kind}
          onChange={({ target }) => {
            setKind(target.value as PluginKind)
            setUsed(undefined)
          }}
        >
          {Object.entries(pluginKinds).map(([each, what]) => (
            <option key={each} value={each}>
              {each}: {what}
            </option>
          ))}
        </select>
      </div>
      <div className="new-plugin-field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          className="field"
          value={name}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-comes`}
          spellCheck={false}
          autoComplete="off"
          onFocus={({ target }) => target.select()}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      <div id={`${id}-comes`} className="new-plugin-comes" role="status">
        {plan ? <Preview plan={plan} /> : <p className="new-plugin-problem">{problem}</p>}
      </div>
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
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!plan}>
          Make it
        </Button>
      </div>
    </form>
  )
}

const instead = ({ project: { replaces } }: PluginPlan): string =>
  replaces === undefined ? '' : `, in place of ${replaces}`

/** What becomes of the project file, before the lines that name the plugin. */
function willSay({ text, isLeft }: PluginPlan['project']): string {
  if (text !== undefined) return 'names it:'
  return isLeft ? 'stays as it is; the plugin takes part when it says:' : 'has settings for it'
}

function Preview({ plan }: { plan: PluginPlan }) {
  const { pluginPath, testPath, project, needs } = plan
  return (
    <>
      <ul>
        <li>
          <code>{pluginPath}</code> {pluginPath.endsWith('.yaml') ? 'the model' : 'the plugin'}
        </li>
        <li>
          <code>{testPath}</code> its test
        </li>
        <li>
          <code>{PROJECT_FILE}</code> {willSay(project)}
        </li>
      </ul>
      {(project.text !== undefined || project.isLeft) && <pre>{project.lines}</pre>}
      {needs !== undefined && <p>It needs {needs}.</p>}
    </>
  )
}
