// A fresh instance of a plugin by hand, up or not, also in the middle of a run.
import { describe, expect, test } from 'vitest'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const counting = pluginFile(
  { name: 'counting' },
  `  n = 0
  more() { return ++this.n }
  capture() { return this.n }
  restore(n) { this.n = n }`,
)
const dependent = pluginFile({ name: 'dependent', requires: { 'plugin:counting': '*' } })
const files = { 'plugins/counting.ts': counting, 'plugins/dependent.ts': dependent }

describe('[W04] renewing a plugin', () => {
  test('replaces it and what stands on it, with its state, as one transaction', async () => {
    const bench = new Workbench()
    await bench.up(files)
    const before = bench.engine.plugins.unit('counting').instance
    await bench.engine.call('counting', 'more')
    await bench.engine.renew('counting')
    expect(bench.engine.plugins.unit('counting').instance).not.toBe(before)
    expect(await bench.engine.call('counting', 'more')).toBe(2)
    expect(bench.events('plugin.reloaded').at(-1)!.names.toSorted()).toEqual([
      'counting',
      'dependent',
    ])
    expect((await bench.plugin('dependent')).state).toBe('running')
  })

  test('brings one that was cleaned up to where the project wants it', async () => {
    const bench = new Workbench()
    await bench.up(files)
    await bench.engine.transition('counting', 'stop')
    await bench.engine.transition('counting', 'cleanup')
    expect((await bench.plugin('dependent')).state).toBe('cleaned')
    await bench.engine.renew('dependent')
    expect((await bench.plugin('dependent')).state).toBe('running')
    expect((await bench.plugin('counting')).state).toBe('running')
  })

  test('gives one that failed another try', async () => {
    const bench = new Workbench()
    const flag = globalThis as { isRenewTestBroken?: boolean }
    flag.isRenewTestBroken = true
    const text = pluginFile(
      { name: 'shaky' },
      `  start() { if (globalThis.isRenewTestBroken) throw new Error('not yet') }`,
    )
    await bench.up({ 'plugins/shaky.ts': text })
    expect((await bench.plugin('shaky')).state).toBe('failed')
    flag.isRenewTestBroken = false
    await bench.engine.renew('shaky')
    expect((await bench.plugin('shaky')).state).toBe('running')
  })

  test('holds a run for a moment, and the run goes on', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.start(files, lineProject('{}', { epochs: 50 }))
    await bench.once('run.metrics')
    expect((await bench.plugin('line')).isPinned).toBe(true)
    await bench.engine.renew('line')
    expect(bench.events('plugin.reloaded').at(-1)).toMatchObject({ rebuiltModel: true })
    expect((await bench.ended()).reason).toBe('finished')
    expect((await bench.plugin('line')).isPinned).toBe(false)
  })
})
