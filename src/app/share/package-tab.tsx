// Makes an npm package of a plugin and offers it as a file.
import type { PluginInfo } from '#protocol'
import { loadPackages, type Packed, sizeOf } from '#workspace'
import { useState } from 'react'
import { compileWorkspace, declarationsOf } from '../compile/index.ts'
import { download } from '../ui/download.ts'
import { session } from '../session/page-session.ts'
import { useIsUntrusted } from '../session/trust.ts'
import { engineStore } from '../store/store.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format.ts'
import { workspaceStore } from '../workspace/workspace.ts'

const npmName = (plugin: string): string => `plugboard-${plugin.replaceAll(/[._]/g, '-')}`

/** Its settings are known once its code is loaded, which runs what stands at the top of its files. */
async function loaded(name: string): Promise<PluginInfo | undefined> {
  const find = () =>
    engineStore.getState().engine.plugins.find(({ manifest }) => manifest.name === name)
  if (find()?.state === 'discovered') await session.transition(name, 'validate')
  if (find()?.state === 'validated') await session.transition(name, 'load')
  return find()
}

async function pack(name: string, as: string, canLoad: boolean): Promise<Packed> {
  const { files } = workspaceStore.getState()
  const plugin = canLoad
    ? await loaded(name)
    : engineStore.getState().engine.plugins.find(({ manifest }) => manifest.name === name)
  if (plugin?.file === undefined) throw new Error(`The plugin ${name} is gone.`)
  const { modules, problems } = await compileWorkspace(files)
  if (problems[0]) throw new Error(problems[0].message)
  const { packPlugins, archiveOf } = await loadPackages()
  const { manifest, file, configSchema } = plugin
  const packed = await packPlugins({
    files,
    plugins: [{ manifest, file, configSchema }],
    modules,
    declarationsOf,
    name: as,
  })
  download(packed.fileName, await archiveOf(packed.files))
  return packed
}

export function PackageTab({ plugin: { manifest } }: { plugin: PluginInfo }) {
  const isUntrusted = useIsUntrusted()
  const [name, setName] = useState(() => npmName(manifest.name))
  const [isBusy, setBusy] = useState(false)
  const [result, setResult] = useState<Packed | { problem: string }>()
  async function make(): Promise<void> {
    setBusy(true)
    try {
      setResult(await pack(manifest.name, name, !isUntrusted))
    } catch (error) {
      setResult({ problem: error instanceof Error ? error.message : String(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="share-form"
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <label className="share-field">
        Name for npm
        <input
          className="field"
          value={name}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => setName(target.value.trim())}
        />
      </label>
      <p className="share-note">
        Version {manifest.version}, from its manifest. In it: the source, what it imports, compiled
        code and types, its tests and assets, and a README.
        {isUntrusted
          ? ' Its settings are listed in the README once you have run this workspace’s code.'
          : null}
      </p>
      <div className="share-row">
        <Button type="submit" variant="primary" disabled={isBusy || name === ''}>
          {isBusy ? 'Making it…' : 'Make the package'}
        </Button>
      </div>
      {result === undefined ? null : <Result result={result} />}
    </form>
  )
}

function Result({ result }: { result: Packed | { problem: string } }) {
  if ('problem' in result)
    return (
      <p className="share-problem" role="alert">
        {result.problem}
      </p>
    )
  const { files, fileName, leftOut } = result
  return (
    <div role="status">
      <p>
        Made <code>{fileName}</code>. <code>npm publish {fileName}</code> publishes it; others open
        it under <em>Packages</em>.
      </p>
      <details className="look-files">
        <summary>{files.size} files</summary>
        <ul className="file-sizes">
          {[...files].map(([path, content]) => (
            <li key={path}>
              <code>{path}</code> <span className="numeric">{formatBytes(sizeOf(content))}</span>
            </li>
          ))}
        </ul>
      </details>
      {leftOut.map(({ path, reason }) => (
        <p key={path} className="share-note">
          {path} stays behind: {reason}.
        </p>
      ))}
    </div>
  )
}
