// What the whole page must say: an engine that was lost, code from a link, trouble with the workspace.
import { RotateCw } from 'lucide-react'
import { engineStore, useEngineView } from '../store/store.ts'
import { session } from '../session/page-session.ts'
import { usePreference } from '../store/preferences.ts'
import { Banner } from '../ui/feedback.tsx'
import { Button } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import type { LostKind } from '../remote/index.ts'
import { useWorkspace, workspaceStore } from '../workspace/index.ts'
import { OtherTabNotice, SaveNotice } from './storage-notices.tsx'
import { ResumeLast } from './run-controls.tsx'
import { TrustNotice } from './trust-notice.tsx'

const FirstSteps = late(async () => (await import('./first-steps.tsx')).FirstSteps)

export function Notices() {
  const isNewcomer = usePreference('isNewcomer')
  return (
    <>
      <WorkspaceNotice />
      <SaveNotice />
      <OtherTabNotice />
      <TrustNotice />
      <LostNotice />
      {isNewcomer && <FirstSteps />}
    </>
  )
}

const WHAT_HAPPENED = {
  hang: 'did not answer, so it was stopped',
  flood: 'sent more messages than the page can take, so it was stopped',
  crash: 'ended without a word, most likely out of memory',
  startup: 'could not start',
  invalid: 'sent data that the page does not accept, so it was stopped',
  device: 'lost the device it computes on',
  refused: 'had a command refused by the device it computes on',
} satisfies Record<LostKind, string>

function LostNotice() {
  const lost = useEngineView(({ engine }) => engine.lost)
  const status = useEngineView(({ engine }) => engine.status)
  if (!lost) return null
  const subject = lost.culprit === undefined ? 'The engine' : `The engine, in ${lost.culprit},`
  const isStuck = status === 'lost'
  return (
    <Banner
      tone="danger"
      title={`${subject} ${WHAT_HAPPENED[lost.kind]}.`}
      onDismiss={() => engineStore.setEngine({ lost: undefined })}
      actions={
        isStuck ? (
          <Button icon={<RotateCw size={14} />} onClick={() => void session.restart()}>
            Restart engine
          </Button>
        ) : (
          <ResumeLast isNarrow={false} />
        )
      }
    >
      <p>
        {lost.message}{' '}
        {isStuck
          ? 'Choose another device, or restart it.'
          : 'Your files, metrics and checkpoints are kept; a fresh engine is ready.'}
      </p>
    </Banner>
  )
}

function WorkspaceNotice() {
  const notice = useWorkspace((state) => state.notice)
  if (!notice) return null
  return (
    <Banner
      tone={notice.tone === 'error' ? 'danger' : 'info'}
      title={notice.title}
      onDismiss={() => workspaceStore.getState().setNotice(null)}
    >
      <p>{notice.text}</p>
    </Banner>
  )
}
