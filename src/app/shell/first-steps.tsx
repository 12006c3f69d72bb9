// For a newcomer, in the example that a first visit opens: one line that says what to do next, until it is dismissed.
import { Sparkles, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { galleryAction } from '../gallery/gallery-actions.ts'
import { runAction } from '../session/run-actions.ts'
import { shareAction } from '../share/share.ts'
import { setPreferences, usePreference } from '../store/preferences.ts'
import { useEngineView } from '../store/store.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { keysText } from '../ui/keys.ts'
import { useWorkspace, workspaceStore } from '../workspace/index.ts'
import { goTo } from './navigation.ts'

/** The line to change: what the plugin of the first example writes. */
const FILE = 'plugins/step-log.ts'
const LINE = 'this.ctx.log.info('

const end = (): void => setPreferences({ isNewcomer: false })

export function FirstSteps() {
  const isNewcomer = usePreference('isNewcomer')
  const isExample = useWorkspace(
    ({ entry, files }) =>
      entry?.origin.kind === 'example' && entry.origin.example === 'names' && files.has(FILE),
  )
  return isNewcomer && isExample ? <Steps /> : null
}

function Steps() {
  const hasRun = useEngineView(({ run }) => run.current !== undefined)
  const isBegun = useEngineView(({ run }) => (run.current?.step ?? 0) > 0)
  const isSwapped = useEngineView(
    ({ run }) => run.current?.marks.some(({ kind }) => kind === 'swap') ?? false,
  )
  if (isSwapped) return <Share />
  return hasRun && isBegun ? <Change /> : <Begin />
}

interface StepProps {
  number: number
  children: ReactNode
  actions: ReactNode
}

const Step = ({ number, children, actions }: StepProps) => (
  <section className="first-steps" aria-label="First steps" role="status">
    <Sparkles size={15} aria-hidden="true" />
    <p>
      <span className="first-steps-number">{number} of 3</span> {children}
    </p>
    {actions}
    <IconButton label="Dismiss the first steps" icon={<X size={15} />} onClick={end} />
  </section>
)

const Begin = () => (
  <Step number={1} actions={null}>
    This is a small GPT that learns to write first names. Press <strong>Run</strong> (
    {keysText(runAction.keys![0]!)}) and watch its loss fall.
  </Step>
)

function showLine(): void {
  const text = workspaceStore.getState().files.get(FILE)
  const lines = typeof text === 'string' ? text.split('\n') : []
  const index = lines.findIndex((line) => line.includes(LINE))
  goTo({ file: FILE, line: index + 1, column: (lines[index] ?? '').indexOf('`') + 2 })
}

const Change = () => (
  <Step number={2} actions={<Button onClick={showLine}>Show a line to change</Button>}>
    It trains. Change what <code>{FILE}</code> writes: the new version takes over while it goes on,
    and the charts mark the moment.
  </Step>
)

function Share() {
  const act = (run: () => void) => (): void => {
    end()
    run()
  }
  return (
    <Step
      number={3}
      actions={
        <>
          <Button onClick={act(shareAction.run)}>Copy a link to it</Button>
          <Button onClick={act(galleryAction.run)}>See more examples</Button>
        </>
      }
    >
      Your version runs. The whole workspace fits into a link.
    </Step>
  )
}
