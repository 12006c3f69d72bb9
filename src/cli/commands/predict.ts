// plugboard predict: what the model of a checkpoint makes of a row, as the panel Try it of the page tells it.
import { type InputValue, isEngineEvent, type PredictForm, type PredictResult } from '#protocol'
import { errorInfo, type EventRecord } from '#sdk'
import { jsonText, parseArguments } from '#workspace'
import { openChecked } from '../checked.ts'
import { readCheckpointFile } from '../checkpoint-folder.ts'
import { defineCommand } from '../command.ts'
import { EXIT, UsageError } from '../io.ts'
import { Failure } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'
import type { RunState } from '../run-text.ts'

type Input = PredictForm['inputs'][number]

/** Most classes that are told of, likeliest first. */
const MAX_CLASSES = 5

export const predict = defineCommand({
  name: 'predict',
  summary: 'tells what the model of a checkpoint makes of a row; without values, what it takes',
  args: ['workspace', 'checkpoint'],
  rest: 'name=value',
  options: {
    json: { type: 'boolean', default: false, help: 'write the prediction as JSON' },
  },
  async run([target, checkpoint, ...parts], { json }, io) {
    const files = await readWorkspace(target)
    const from = await readCheckpointFile(checkpoint!)
    let onReady: (state: RunState) => void = () => undefined
    const ready = new Promise<RunState>((resolve) => {
      onReady = resolve
    })
    const onEvent = (record: EventRecord): void => {
      if (!isEngineEvent(record) || record.type !== 'run.state') return
      if (record.data.state === 'paused' || record.data.state === 'ended') onReady(record.data)
    }
    const { engine, close } = await openChecked(files, { device: 'auto', onEvent })
    const stop = (): Promise<void> => engine.control('stop').catch(() => undefined)
    io.signal.addEventListener('abort', () => void stop(), { once: true })
    try {
      // A run that goes on from there has data and model as they were; it is held before its first step.
      await engine.startRun({ from, moreEpochs: 1 })
      await engine.control('pause')
      const { error } = await ready
      if (error) throw new Failure([error], files)
      if (io.signal.aborted) return EXIT.interrupted
      const form = (await engine.predictForm())!
      if (parts.length === 0) {
        io.out.write(formText(form))
        return EXIT.ok
      }
      const values = valuesOf(parts, form)
      const prediction = await engine.predict(values)
      const prompt = form.inputs.find(({ kind }) => kind === 'text')
      const lines = prediction.results.map((result) => textOf(result, values[prompt?.name ?? '']))
      io.out.write(`${json ? jsonText(prediction, 2) : lines.join('\n')}\n`)
      return EXIT.ok
    } catch (thrown) {
      if (thrown instanceof UsageError || thrown instanceof Failure) throw thrown
      throw new Failure([errorInfo(thrown)], files)
    } finally {
      await stop()
      close()
    }
  },
})

/** `text=…  text`, an input a line. */
function formText({ inputs, step }: PredictForm): string {
  const lines = inputs.map(({ name, kind, shape, classes }) => {
    const size = shape.length > 0 ? ` [${shape.join(', ')}]` : ''
    const ofThese = classes ? `, one of ${classes.join(', ')}` : ''
    return `  ${name}=…  ${kind}${size}${ofThese}`
  })
  return `The model of step ${step} takes:\n${lines.join('\n')}\n`
}

/** The values by name: texts as they are, one of `classes` by its name, numbers as YAML. */
function valuesOf(parts: readonly string[], { inputs }: PredictForm): Record<string, InputValue> {
  const properties = Object.fromEntries(
    inputs.map(({ name, kind, classes }) => [
      name,
      kind === 'text' || classes ? { type: 'string' } : {},
    ]),
  )
  try {
    const given = parseArguments(parts, { type: 'object', properties })
    const named = Object.entries(given).map(([name, value]) => {
      const input = inputs.find((each) => each.name === name)
      return [name, input ? chosen(input, value) : value] as const
    })
    return Object.fromEntries(named) as Record<string, InputValue>
  } catch (thrown) {
    throw new UsageError((thrown as Error).message, { cause: thrown })
  }
}

function chosen({ name, kind, classes }: Input, value: unknown): unknown {
  if (!classes) return value
  const text = String(value)
  const at = classes.indexOf(text)
  if (at < 0) throw new Error(`The input '${name}' is one of ${classes.join(', ')}, not '${text}'.`)
  return kind === 'choice' ? at : value
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** `prompt` is the text that a language model goes on with. */
function textOf(result: PredictResult, prompt: InputValue | undefined): string {
  switch (result.kind) {
    case 'classes':
      return result.classes
        .toSorted((a, b) => b.share - a.share)
        .slice(0, MAX_CLASSES)
        .map(({ name, share }) => `${name}  ${percent(share)}`)
        .join('\n')
    case 'text':
      return `${String(prompt)}${result.text}`
    case 'tokens':
      return result.tokens
        .map(({ text, classes: [best] }) => `${text}  ${best?.name ?? ''}`)
        .join('\n')
    case 'numbers':
      return result.values.map((value) => Number(value.toPrecision(6))).join(', ')
    default:
      return result satisfies never
  }
}
