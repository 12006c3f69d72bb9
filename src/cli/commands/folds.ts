// plugboard folds: cross-validation. Trains a workspace once for each part of its rows held back.
import { type DevicePreference, type EventData, isEngineEvent } from '#protocol'
import { errorInfo, type EventRecord } from '#sdk'
import type { Files } from '#workspace'
import { openChecked } from '../checked.ts'
import { defineCommand } from '../command.ts'
import { EXIT, type Io, UsageError } from '../io.ts'
import { Failure } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'
import { metricsText } from '../run-text.ts'
import { parseSetting, type Setting, withSettings } from '../settings.ts'

const DEVICES = ['auto', 'cpu', 'wasm', 'webgpu'] as const satisfies DevicePreference[]

/** What the command sets itself. */
const RULE = new Set(['folds', 'fold'].map((name) => `experiment.validation.${name}`))

type RunState = EventData<'run.state'>
type Values = ReadonlyMap<string, number>

export const folds = defineCommand({
  name: 'folds',
  summary: 'trains a workspace once for each part of its rows held back, and tells the means',
  optional: ['workspace'],
  options: {
    folds: { type: 'string', default: '5', value: '<n>', help: 'parts; 5 when left out' },
    set: {
      type: 'string',
      multiple: true,
      default: [],
      value: '<path=value>',
      help: 'change a value of plugboard.yaml, such as experiment.validation.stratify=labels; any number of times',
    },
    device: { type: 'string', default: 'auto', value: '<name>', help: 'as for run' },
  },
  async run([target], { folds: count, set, device }, io) {
    const parts = Number(count)
    if (!Number.isInteger(parts) || parts < 2)
      throw new UsageError(`--folds takes a whole number from 2 on, not '${count}'.`)
    const preference = DEVICES.find((name) => name === device)
    if (!preference)
      throw new UsageError(`There is no device '${device}': take one of ${DEVICES.join(', ')}.`)
    const settings = set.map(parseSetting)
    checkRule(settings)
    const workspace = await withSettings(await readWorkspace(target), settings)
    const all: Values[] = []
    for (let fold = 1; fold <= parts; fold++) {
      const rule = [`folds=${parts}`, `fold=${fold}`].map((it) => `experiment.validation.${it}`)
      const files = await withSettings(workspace, rule.map(parseSetting))
      const values = await trainFold(files, preference, io)
      if (values === undefined) return EXIT.interrupted
      all.push(values)
      io.out.write(`fold ${fold} of ${parts}: ${metricsText(values)}\n`)
    }
    io.out.write(meansText(all))
    return EXIT.ok
  },
})

/** Refuses to set what the command sets itself. */
function checkRule(settings: readonly Setting[]): void {
  for (const { text, path, value } of settings) {
    const inside = Object.keys(Object(value)).map((key) => [...path, key])
    const name = [path, ...inside].map((each) => each.join('.')).find((each) => RULE.has(each))
    if (name === undefined) continue
    throw new UsageError(
      `--set ${text}: folds trains with each ${name} in turn. Take --folds for how many there are, or \`plugboard run\` for one of them.`,
    )
  }
}

/** The last value of each validation metric; undefined when the user ended the run. */
async function trainFold(
  files: Files,
  device: DevicePreference,
  io: Io,
): Promise<Values | undefined> {
  const values = new Map<string, number>()
  let onEnd: (state: RunState) => void = () => undefined
  const ended = new Promise<RunState>((resolve) => {
    onEnd = resolve
  })
  function onEvent(record: EventRecord): void {
    if (!isEngineEvent(record)) return
    if (record.type === 'run.metrics') {
      for (const [name, value] of record.data.points.flatMap((it) => Object.entries(it.values)))
        if (name.startsWith('val_')) values.set(name, value)
    }
    if (record.type === 'run.state' && record.data.state === 'ended') onEnd(record.data)
  }
  const { engine, close } = await openChecked(files, { device, onEvent })
  const stop = (): void => void engine.control('stop').catch(() => undefined)
  try {
    await engine.startRun()
    if (io.signal.aborted) stop()
    io.signal.addEventListener('abort', stop, { once: true })
    const { error } = await ended
    if (error) throw new Failure([error], files)
    return io.signal.aborted ? undefined : values
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : new Failure([errorInfo(thrown)], files)
  } finally {
    io.signal.removeEventListener('abort', stop)
    close()
  }
}

/** `mean of 5 folds: val_accuracy 0.9667 ± 0.02`, the deviation being that of a sample. */
function meansText(all: readonly Values[]): string {
  const names = [...all[0]!.keys()].filter((name) => all.every((values) => values.has(name)))
  const texts = names.map((name) => {
    const list = all.map((values) => values.get(name)!)
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length
    const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const deviation = Math.sqrt(squares / (list.length - 1))
    return `${metricsText(new Map([[name, mean]]))} ± ${Number(deviation.toPrecision(2))}`
  })
  return `mean of ${all.length} folds: ${texts.join(' · ')}\n`
}
