// Copies a built-in plugin into the workspace, with a word to the user.
import { toast } from 'sonner'
import { forkBuiltin } from './library.ts'

/** Forks the built-in plugin with its source at `path`; what keeps it from that is shown. */
export function fork(path: string): void {
  try {
    toast.success(`Copied to ${forkBuiltin(path)}`, {
      description: 'It stands in for the built-in plugin from now on.',
    })
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}
