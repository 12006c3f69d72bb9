// Mocked services: the test says what they answer, and sees how they were asked.
import { definePlugin, type PluginClass } from 'plugboard'
import { createTestEngine, describe, expect, fn, test } from 'plugboard/testing'
import { Critic, Notebook } from '../lib/services.ts'
import FirstPlugin from '../plugins/first-plugin.ts'
import Guesses from '../plugins/guesses.ts'
import NameServices from '../plugins/name-services.ts'
import { assets, smallRun } from './small-run.ts'

/** Stands in for the plugin that provides them all. */
const CriticAlone = definePlugin({
  manifest: {
    name: 'critic_alone',
    version: '1.0.0',
    category: 'service',
    provides: ['tour.critic', 'tour.notebook'],
  },
  methods: {
    initialize: (ctx) => void ctx.provideService(Critic, { judge: () => 'well' }),
  },
})

const plugins: readonly PluginClass[] = [FirstPlugin, NameServices, Guesses]
const use = (names: unknown, tasks: unknown = []) => ({ guesses: { config: { names, tasks } } })

test('asks the model after an epoch, and critic and notebook about what it guessed', async () => {
  const judge = fn(() => 'could be')
  const note = fn(() => true)
  const engine = await smallRun({
    plugins,
    use: use(['Ada', 'Zoë']),
    services: [
      [Critic, { judge }],
      [Notebook, { note }],
    ],
  })
  await engine.run()
  // Two names, two tasks; asked in fair copy, shown as they were written.
  expect(judge).toHaveBeenCalledTimes(4)
  expect(judge).toHaveBeenCalledWith('zoe', 'gender', expect.stringMatching(/^(fe)?male$/))
  expect(note.mock.calls).toEqual(judge.mock.calls)
  engine.events.assertEmitted('panel.shown', {
    id: 'guesses',
    content: { caption: 'after epoch 1' },
  })
  const { content } = engine.events.data('panel.shown').at(-1)!
  expect(content).toHaveProperty('rows.3', [
    'Zoë',
    'syllables',
    expect.stringMatching(/^[12], \d+ % sure$/),
    'could be',
    'changed its mind',
  ])
})

test('works with the services as they are, in each epoch', async () => {
  const training = { epochs: 2, batch_size: 3 }
  const engine = await smallRun({
    plugins,
    use: use(['Ada'], ['gender']),
    experiment: { training },
  })
  await engine.run()
  const shown = engine.events.data('panel.shown')
  expect(shown).toHaveLength(2)
  expect(shown[1]!.content).toHaveProperty('rows.length', 1)
  expect(shown[1]!.content).toHaveProperty(
    'rows.0.3',
    expect.stringMatching(/^right|^wrong: is fem/),
  )
  engine.events.assertNotEmitted('hook.failed')
})

describe('refuses', () => {
  const up = async (config: object, given = plugins) => {
    const engine = await createTestEngine({
      plugins: given,
      config: { plugins: { use: { guesses: { config } } } },
      assets,
    })
    const error = await engine.up().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return { error, state: engine.state('guesses') }
  }

  test('to come up without a setting that it needs', async () => {
    const { error, state } = await up({})
    expect(state).toBe('failed')
    expect(error).toMatchObject({ message: expect.stringContaining('names') })
  })

  test('a name without letters, and what its own validation finds', async () => {
    const { error } = await up({ names: ['Ada', '007'] })
    expect(error).toMatchObject({ message: expect.stringContaining('a name has letters') })
    const unknown = await up({ names: ['Ada'], tasks: ['gender', 'rhyme'] })
    expect(unknown.error).toMatchObject({
      message: 'guesses is to show the task rhyme, but the data have gender, syllables',
      plugin: 'guesses',
      stage: 'validate',
    })
  })

  test('to do without the services it asks for', async () => {
    const { error, state } = await up({ names: ['Ada'] }, [FirstPlugin, Guesses])
    expect(state).toBe('failed')
    expect(error).toMatchObject({ message: expect.stringContaining('tour.critic') })
  })

  test('a critic without the lookup that its validation looks for', async () => {
    const { error } = await up({ names: ['Ada'] }, [FirstPlugin, CriticAlone, Guesses])
    expect(error).toMatchObject({
      code: 'service.missing',
      message: expect.stringContaining('guesses asks for the service tour.lookup'),
      stage: 'validate',
    })
  })
})
