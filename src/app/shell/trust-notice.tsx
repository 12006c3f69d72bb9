// What a reader must know before code from a link runs: what it says of itself, and what it can reach.
import { ShieldCheck } from 'lucide-react'
import type { PluginInfo } from '#protocol'
import { useEngineView } from '../store/store.ts'
import { useIsUntrusted } from '../session/trust.ts'
import { useWorkspace } from '../workspace/index.ts'
import { Banner } from '../ui/feedback.tsx'
import { plural } from '../ui/format.ts'

/** Shown for a workspace from a link until its first run in this page. */
export function TrustNotice() {
  const isUntrusted = useIsUntrusted()
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const origin = useWorkspace(({ entry }) => entry?.origin)
  if (!isUntrusted || origin?.kind !== 'link') return null
  const own = plugins.filter(({ origin }) => origin === 'workspace')
  return (
    <Banner
      tone="warning"
      title={`This code came from ${origin.from ?? 'a link'}. Nothing runs until you press Run.`}
    >
      {origin.summary === undefined ? null : (
        <p className="trust-summary">Whoever made it says of a run: {origin.summary}</p>
      )}
      <p>
        Plugins can compute, read this workspace&rsquo;s files and use your processor and graphics
        card. They cannot reach the network, your other workspaces, or anything else of this
        browser. To run its tests or to bring its plugins up runs its code as well.
      </p>
      {own.length === 0 ? null : (
        <details className="trust-details">
          <summary>
            <ShieldCheck size={14} aria-hidden="true" /> It brings {plural(own.length, 'plugin')}:{' '}
            {own.map(({ manifest }) => manifest.name).join(', ')}
          </summary>
          <ul>
            {own.map((plugin) => (
              <ManifestLine key={plugin.manifest.name} plugin={plugin} />
            ))}
          </ul>
        </details>
      )}
    </Banner>
  )
}

function ManifestLine({ plugin: { manifest, replacesBuiltin } }: { plugin: PluginInfo }) {
  const needs = [...Object.keys(manifest.requires), ...Object.keys(manifest.optional)]
  return (
    <li>
      <strong>{manifest.name}</strong> {manifest.version} · {manifest.category}
      {manifest.author === undefined ? null : ` · by ${manifest.author}`}
      {replacesBuiltin ? ' · stands in for the built-in of this name' : null}
      {manifest.description === '' ? null : <> — {manifest.description}</>}
      {needs.length === 0 ? null : <> (uses {needs.join(', ')})</>}
    </li>
  )
}
