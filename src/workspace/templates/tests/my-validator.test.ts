// What it says of a model with three parameters.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyValidator from '../plugins/my-validator.ts'

async function warnings(limit: number): Promise<string[]> {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyValidator],
    config: {
      experiment: lineExperiment({ validators: [{ name: 'my_validator', config: { limit } }] }),
    },
  })
  await engine.run()
  return engine.events.data('log').map(({ message }) => message)
}

test('conforms to what every plugin must keep', () => testPlugin(MyValidator))

test('warns of more parameters than the limit, not of as many', async () => {
  expect(await warnings(2)).toEqual([
    expect.stringContaining('the model has 3 parameters, more than 2'),
  ])
  expect(await warnings(3)).toEqual([])
})
