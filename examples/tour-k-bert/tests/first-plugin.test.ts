// A test by hand: each step of the lifecycle, and the state it leaves.
import { createTestEngine, expect, test } from 'plugboard/testing'
import FirstPlugin from '../plugins/first-plugin.ts'

const open = (settings: Record<string, unknown>) =>
  createTestEngine({
    plugins: [FirstPlugin],
    config: { plugins: { use: { fair_copy: { config: settings } } } },
  })

test('goes through its life, and closes what it opened', async () => {
  const engine = await open({ longest: 4 })
  expect(engine.state('fair_copy')).toBe('discovered')
  await engine.step('fair_copy', 'validate')
  await engine.step('fair_copy', 'load')
  const plugin = engine.instance<FirstPlugin>('fair_copy')
  expect(plugin.scribe).toBeUndefined()

  await engine.step('fair_copy', 'initialize')
  expect(engine.state('fair_copy')).toBe('initialized')
  const scribe = plugin.scribe!
  expect(scribe.isOpen).toBe(true)

  await engine.step('fair_copy', 'start')
  expect(engine.state('fair_copy')).toBe('running')
  expect(plugin.process(' Zoë-Maria ')).toBe('zoe-')

  await engine.step('fair_copy', 'stop')
  await engine.step('fair_copy', 'cleanup')
  expect(engine.state('fair_copy')).toBe('cleaned')
  expect(scribe.isOpen).toBe(false)
  expect(() => scribe.write('Ada')).toThrow('the scribe has gone home')
  engine.events.assertEmitted('log', { message: 'has written 1 names' })
})

test('refuses a step out of turn, and steps that were done do nothing', async () => {
  const engine = await open({})
  await expect(engine.step('fair_copy', 'start')).rejects.toThrow('fair_copy')
  await engine.up()
  await engine.down()
  await engine.step('fair_copy', 'cleanup')
  expect(engine.state('fair_copy')).toBe('cleaned')
})

test('has settings with defaults, nested ones too, and refuses wrong ones by name', async () => {
  const engine = await open({ accents: {} })
  await engine.up()
  const plugin = engine.instance<FirstPlugin>('fair_copy')
  expect(plugin.config).toEqual({ longest: 14, accents: { drop: true } })
  const strict = await open({ longest: 0, accents: { dropp: true } })
  await expect(strict.up()).rejects.toThrow(/longest[^]*dropp/)
})

test('is found by its name, always as the same object, and listed by its category', async () => {
  const engine = await open({})
  await engine.up()
  expect(engine.instance('fair_copy')).toBe(engine.instance('fair_copy'))
  const { plugins } = await engine.report()
  const ofText = plugins.filter(({ manifest }) => manifest.category === 'text')
  expect(ofText.map(({ manifest }) => manifest.name)).toContain('fair_copy')
  expect(() => engine.instance('fair_kopy')).toThrow('fair_kopy')
})

test('is called by other plugins with hooks and a timer around', async () => {
  const engine = await open({ accents: { drop: false } })
  await engine.up()
  expect(await engine.call('fair_copy', 'process', 'Zoë')).toBe('zoë')
  engine.events.assertEmitted('method.called', { plugin: 'fair_copy', method: 'process' })
})
