// Components whose code is fetched when they are first shown, or ahead of that.
import { CloudOff } from 'lucide-react'
import { type ComponentType, useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './feedback.tsx'

export type LateComponent<P> = ComponentType<P> & {
  /** Fetches its code ahead. Rejects when it can't be fetched; the next call, or showing it, tries again. */
  load: () => Promise<void>
}

/** A component that is blank until its code is there; when that can't be fetched it says so and tries again. */
export function late<P extends object>(fetch: () => Promise<ComponentType<P>>): LateComponent<P> {
  let Fetched: ComponentType<P> | undefined
  const load = async (): Promise<void> => {
    Fetched ??= await fetch()
  }

  function Late(props: P) {
    const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
    useEffect(() => {
      if (state !== 'loading') return undefined
      let isGone = false
      const show = (next: 'ready' | 'failed') => !isGone && setState(next)
      load().then(
        () => show('ready'),
        () => show('failed'),
      )
      return () => {
        isGone = true
      }
    }, [state])

    if (Fetched) return <Fetched {...props} />
    if (state === 'failed') return <NotFetched onRetry={() => setState('loading')} />
    return <div className="late" aria-busy="true" />
  }
  return Object.assign(Late, { load })
}

function NotFetched({ onRetry }: { onRetry: () => void }) {
  return (
    <EmptyState icon={<CloudOff size={28} />} title="This part could not be loaded">
      <p role="alert">
        Check the network and try again. If that does not help, Plugboard was updated meanwhile:
        reload the page. A run that is on goes on until then.
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </EmptyState>
  )
}
