// What it writes of a model with three parameters.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyExporter from '../plugins/my-exporter.ts'

test('conforms to what every plugin must keep', () => testPlugin(MyExporter))

test('writes each weight with as many digits as are asked for', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyExporter],
    config: {
      plugins: { use: { my_exporter: { config: { digits: 2 } } } },
      experiment: lineExperiment({ training: { checkpoint_every_epochs: 1 } }),
    },
  })
  await engine.run()
  const [file] = await engine.exportModel('my_exporter')
  const [head, ...lines] = new TextDecoder().decode(file!.bytes).trimEnd().split('\n')
  expect(head).toBe('path,place,value')
  expect(lines).toHaveLength(3)
  for (const line of lines) {
    const value = line.split(',')[2]!
    expect(value).toBe(Number(value).toPrecision(2))
  }
})
