// The diary: what it holds after a run, and who else may write to it.
import { Artefacts, createRandom, plugin } from 'plugboard'
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import { Diary } from '../lib/diary.ts'
import RunDiary from '../plugins/run-diary.ts'

class Guest extends plugin({
  manifest: { name: 'guest', version: '1.0.0', requires: { 'plugin:run_diary': '*' } },
  inject: { diary: Diary },
}) {
  onTrainEnd() {
    this.services.diary.note(`a word of thanks ${createRandom(1).int(1)}`)
  }
}

test('conforms to what every plugin must keep', () => testPlugin(RunDiary))

test('[A17] leaves an artefact with each epoch, the end, and what others noted', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, RunDiary, Guest],
    config: { experiment: lineExperiment({ name: 'a line', training: { epochs: 2 } }) },
  })
  const read = () =>
    new TextDecoder().decode(
      engine.instance<RunDiary>('run_diary').services.artefacts.read('diary.md'),
    )
  await engine.run()
  expect(read()).toMatch(/^# a line, seed 0\n\n## Epoch 1\n\n.*val_loss \d\.\d{3}/)
  expect(read()).toMatch(
    /## Epoch 2\n[^]*\nEnded \(finished\) after 8 steps\.\n- a word of thanks 0\n$/,
  )
  await engine.run()
  expect(read().match(/## Epoch 1/g)).toHaveLength(1)
})

class Owner extends plugin({
  manifest: { name: 'owner', version: '1.0.0', provides: ['first'] },
  inject: { artefacts: Artefacts },
}) {
  initialize() {
    this.services.artefacts.put('diary.md', 'mine')
  }
}

test('[A12] is kept out where its file is taken, and says by whom', async () => {
  const engine = await createTestEngine({ plugins: [Owner, RunDiary] })
  await expect(engine.up()).rejects.toThrow('diary.md, which is an artefact of owner')
  engine.events.assertEmitted('plugin.state', { name: 'run_diary', state: 'failed' })
})
