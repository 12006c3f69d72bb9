// The project file as a form. Form and text are one document: what is changed in one is seen in the other.
import { CornerDownRight, FileCog, Redo2, Undo2 } from 'lucide-react'
import { PROJECT_FILE } from '#workspace'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { redoIn, undoIn } from '../editor/index.ts'
import { activateAction } from '../session/run-actions.ts'
import { useIsUntrusted } from '../session/trust.ts'
import { goTo } from '../shell/navigation.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { SearchField, Toggle } from '../ui/controls.tsx'
import { Banner, EmptyState } from '../ui/feedback.tsx'
import { isPressed } from '../ui/keys.ts'
import { type Config, ConfigContext, setAt } from './config.ts'
import { ControlOf } from './control-of.tsx'
import { Field } from './field.tsx'
import { formState } from './form-state.ts'
import { PartsContext } from './parts.ts'
import { sectionsOf } from './sections.ts'
import { useCursorMark, useTarget } from './use-places.ts'
import { useForm } from './use-form.ts'
import '../panels/panels.css'
import './config-form.css'

const PARTS = { Field, ControlOf }

export function ConfigPanel() {
  const { config, isThere } = useForm()
  if (!isThere) return <NoProject />
  if (!config) {
    return (
      <EmptyState icon={<FileCog size={28} />} title="Waiting for the engine">
        The settings there are come from the engine and its plugins. The form is here as soon as it
        is up.
      </EmptyState>
    )
  }
  return (
    <ConfigContext value={config}>
      <PartsContext value={PARTS}>
        <div className="panel-column" onKeyDown={undoByKeys}>
          <Bar />
          {config.document.problem ? <Broken config={config} /> : <Form config={config} />}
        </div>
      </PartsContext>
    </ConfigContext>
  )
}

function NoProject() {
  return (
    <EmptyState icon={<FileCog size={28} />} title={`There is no ${PROJECT_FILE}`}>
      It says what is trained, on which data and with which plugins. Here it is filled in as a form.
      <Button onClick={() => setAt(['experiment', 'name'], 'experiment')}>Make one</Button>
    </EmptyState>
  )
}

/** Where the focus is not in a line that is typed into, which has an undo of its own. */
function undoByKeys(event: KeyboardEvent): void {
  if (event.target instanceof HTMLInputElement && event.target.type === 'text') return
  const isUndo = isPressed('Mod+Z', event.nativeEvent)
  const isRedo =
    isPressed('Mod+Shift+Z', event.nativeEvent) || isPressed('Mod+Y', event.nativeEvent)
  if (!isUndo && !isRedo) return
  event.preventDefault()
  void (isUndo ? undoIn : redoIn)(PROJECT_FILE)
}

function Bar() {
  const { query, isOnlySet } = useStore(formState)
  return (
    <div className="panel-bar">
      <SearchField
        label="Find a setting"
        value={query}
        onChange={(next) => formState.setState({ query: next })}
      />
      <Toggle isOn={isOnlySet} onChange={(isOn) => formState.setState({ isOnlySet: isOn })}>
        Only what is set
      </Toggle>
      <span className="config-bar-end">
        <IconButton
          label={`Undo in ${PROJECT_FILE}`}
          icon={<Undo2 size={15} />}
          onClick={() => void undoIn(PROJECT_FILE)}
        />
        <IconButton
          label={`Redo in ${PROJECT_FILE}`}
          icon={<Redo2 size={15} />}
          onClick={() => void redoIn(PROJECT_FILE)}
        />
        <Button variant="quiet" onClick={() => goTo({ file: PROJECT_FILE })}>
          As text
        </Button>
      </span>
    </div>
  )
}

function Broken({ config: { document } }: { config: Config }) {
  const { message, line, column } = document.problem!
  return (
    <>
      <Banner
        tone="danger"
        title={`${PROJECT_FILE} cannot be read`}
        actions={
          <Button
            icon={<CornerDownRight size={14} />}
            onClick={() => goTo({ file: PROJECT_FILE, line, column })}
          >
            Go to line {line}
          </Button>
        }
      >
        <p>
          Line {line}, column {column}: {message}
        </p>
      </Banner>
      <p className="panel-note">
        The form comes back as soon as the text can be read. Nothing of it is lost.
      </p>
    </>
  )
}

function Form({ config }: { config: Config }) {
  const body = useRef<HTMLDivElement>(null)
  const sections = sectionsOf(config.root)
  const shown = sections
    .map(({ title, fields }) => ({
      title,
      fields: fields.filter(({ path, schema }) => config.isShown(path, schema)),
    }))
    .filter(({ fields }) => fields.length > 0)
  useTarget(body)
  useCursorMark(body)
  useEffect(() => {
    // A search begins at its first find.
    body.current?.scrollTo({ top: 0 })
  }, [shown.length])
  return (
    <div className="config-body" ref={body}>
      <nav className="config-nav" aria-label="Sections of the form">
        {shown.map(({ title }) => (
          <button
            key={title}
            type="button"
            onClick={() =>
              body.current?.querySelector(`#section-${title}`)?.scrollIntoView({ block: 'start' })
            }
          >
            {title}
          </button>
        ))}
      </nav>
      <div className="config-sections">
        {config.areUp ? null : <BringUp />}
        {shown.map(({ title, fields }) => (
          <section key={title} id={`section-${title}`} aria-label={title}>
            <h2>{title}</h2>
            {fields.map((field) => (
              <Field key={field.path.join('/')} {...field} />
            ))}
          </section>
        ))}
        {shown.length > 0 ? null : <NothingFound />}
      </div>
    </div>
  )
}

/** Plugins say what can be set of the components they bring; until they are up only names are known. */
function BringUp() {
  const { title, hint, icon: Icon, run } = activateAction(useIsUntrusted())
  return (
    <p className="config-up">
      <span>
        Settings of the model, the optimizer and other parts are shown once plugins are up.
      </span>
      <Button title={hint} icon={Icon && <Icon size={14} />} onClick={run}>
        {title}
      </Button>
    </p>
  )
}

function NothingFound() {
  return (
    <EmptyState icon={<FileCog size={28} />} title="No setting fits">
      <Button onClick={() => formState.setState({ query: '', isOnlySet: false })}>
        Show all settings
      </Button>
    </EmptyState>
  )
}
