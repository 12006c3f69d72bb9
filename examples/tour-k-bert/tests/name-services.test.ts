// Services as they are provided: found by key, made for a run or once, wired by their class.
import { MetricsCollector } from 'plugboard'
import { createTestContainer, createTestEngine, expect, fn, test } from 'plugboard/testing'
import { Critic, Lookup, Notebook } from '../lib/services.ts'
import NameServices, { LabelCritic } from '../plugins/name-services.ts'
import { assets } from './small-run.ts'

const options = { plugins: [NameServices], assets }

test('gives labels, and a critic who was wired by its class', async () => {
  const container = await createTestContainer(options)
  const lookup = container.resolve(Lookup)
  expect(lookup.labelOf('ada', 'gender')).toBe('female')
  expect(lookup.labelOf('robin', 'gender')).toBeUndefined()
  expect(lookup.labelOf('nobody', 'gender')).toBeUndefined()
  const critic = container.resolve(Critic)
  expect(critic).toBe(container.resolve(Critic))
  expect(critic.judge('ada', 'gender', 'female')).toBe('right')
  expect(critic.judge('ada', 'gender', 'male')).toBe('wrong: is female')
  await container.down()
  expect(() => container.resolve(Lookup)).toThrow('tour.lookup')
})

test('has a notebook in a run only', async () => {
  const container = await createTestContainer(options)
  expect(() => container.resolve(Notebook)).toThrow('there is no run')
  await container.down()
})

test('wires the critic with whatever lookup there is', async () => {
  const labelOf = fn(() => 'male')
  const services = [[Lookup, { tasks: ['gender'], labelOf }]] as const
  const container = await createTestContainer({ services })
  const critic = container.autoWire(LabelCritic)
  expect(critic.judge('kim', 'gender', 'male')).toBe('right')
  expect(critic.judge('kim', 'gender', 'female')).toBe('wrong: is male')
  const counted = { name: 'guesses that were right', count: 2, total: 1 }
  expect(container.resolve(MetricsCollector).summaries()).toMatchObject([counted])
  expect(labelOf).toHaveBeenCalledWith('kim', 'gender')
  await container.down()
})

test('says in its own words what went wrong, and keeps the cause', async () => {
  const open = (path: string) =>
    createTestEngine({
      plugins: [NameServices],
      config: { plugins: { use: { name_services: { config: { path } } } } },
      assets: { 'data/broken.csv': 'name,gender\nada\n' },
    })
  const missing = await open('data/gone.csv')
  await expect(missing.up()).rejects.toMatchObject({
    code: 'asset.missing',
    message: 'there is no file data/gone.csv to look labels up in',
    plugin: 'name_services',
    stage: 'initialize',
  })
  expect(missing.state('name_services')).toBe('failed')
  const broken = await open('data/broken.csv')
  await expect(broken.up()).rejects.toMatchObject({
    message: 'data/broken.csv is no list of labels',
    cause: { message: 'row 1 of data/broken.csv has 1 fields, not 2' },
  })
})
