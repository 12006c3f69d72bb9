// The button that empty panels offer, where a run would fill them.
import { ActionTextButton } from '../actions/action-controls.tsx'
import { runAction } from './run-actions.ts'

export const StartRun = () => <ActionTextButton action={runAction}>Start a run</ActionTextButton>
