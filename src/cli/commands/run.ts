// plugboard run: trains a workspace to the end.
import { type DevicePreference, type EngineApi, isEngineEvent } from '#protocol'
import { type DeviceInfo, type ErrorInfo, errorInfo, type EventRecord } from '#sdk'
import { Artefacts } from '../artefact-folder.ts'
import {
  CHECKPOINT_EVERY_MS,
  CheckpointFolder,
  defaultFolder,
  readCheckpointFile,
} from '../checkpoint-folder.ts'
import { openChecked } from '../checked.ts'
import { defineCommand } from '../command.ts'
import { EXIT, UsageError } from '../io.ts'
import { jsonLine } from '../json-lines.ts'
import { levelSettings, logLevelOption } from '../log-lines.ts'
import { RunLog } from '../mlruns-folder.ts'
import { Failure } from '../problems.ts'
import { startRanks } from '../ranks.ts'
import { readWorkspace } from '../read-workspace.ts'
import { type RunState, summaryText } from '../run-text.ts'
import { parseSetting, withSettings } from '../settings.ts'
import { TerminalView } from '../terminal.ts'

const DEVICES = ['auto', 'cpu', 'wasm', 'webgpu'] as const satisfies DevicePreference[]

export const run = defineCommand({
  name: 'run',
  summary: 'trains the experiment of a workspace',
  optional: ['workspace'],
  options: {
    set: {
      type: 'string',
      multiple: true,
      default: [],
      value: '<path=value>',
      help: 'change a value of plugboard.yaml, such as experiment.training.epochs=1; any number of times',
    },
    seed: { type: 'string', value: '<n>', help: 'same as --set experiment.seed=<n>' },
    device: {
      type: 'string',
      default: 'auto',
      value: '<name>',
      help: 'auto, cpu, wasm, or webgpu (with the npm package webgpu); auto when left out',
    },
    'world-size': {
      type: 'string',
      value: '<n>',
      help: 'train on n engines, each in a thread: plugins have their rank from ProcessGroup; the sampler distributed and the callback model_averaging share the work',
    },
    resume: {
      type: 'string',
      value: '<file>',
      help: 'go on with the run that a checkpoint was taken of',
    },
    'checkpoint-dir': {
      type: 'string',
      value: '<folder>',
      help: 'take a checkpoint each minute and at the end, Ctrl+C included; without it those that plugins take go to checkpoints/ of the workspace',
    },
    'artefact-dir': {
      type: 'string',
      value: '<folder>',
      help: 'write what plugins leave, such as the table of metrics_csv, when the run has ended',
    },
    mlruns: {
      type: 'string',
      value: '<folder>',
      help: 'add the run to a folder that MLflow opens: mlflow ui --backend-store-uri <folder>',
    },
    'log-level': logLevelOption('same as --set logging.level=<level>: debug, info, warn or error'),
    json: {
      type: 'boolean',
      default: false,
      help: 'write every event and problem as a line of JSON',
    },
  },
  hasJsonLines: true,
  async run([target], options, io) {
    const { set, seed, device, json, resume, 'log-level': level, 'world-size': size } = options
    const preference = DEVICES.find((name) => name === device)
    if (!preference) {
      throw new UsageError(`There is no device '${device}': take one of ${DEVICES.join(', ')}.`)
    }
    const worldSize = readWorldSize(size, resume)
    const seeds = seed === undefined ? [] : [`experiment.seed=${seed}`]
    const settings = [...[...set, ...seeds].map(parseSetting), ...levelSettings(level)]
    const files = await withSettings(await readWorkspace(target), settings)

    const from = resume === undefined ? undefined : await readCheckpointFile(resume)
    const checkpointDir = options['checkpoint-dir']
    const folder = new CheckpointFolder(checkpointDir ?? (await defaultFolder(target)), (problem) =>
      io.err.write(`a checkpoint could not be written to ${problem}\n`),
    )

    const artefacts = new Artefacts()
    const log = new RunLog()
    const view = new TerminalView(io, files)
    let deviceInfo: DeviceInfo | undefined
    let opened: EngineApi | undefined
    let onEnd: (state: RunState) => void = () => undefined
    const ended = new Promise<RunState>((resolve) => {
      onEnd = resolve
    })
    function onEvent(record: EventRecord): void {
      if (json) io.out.write(jsonLine(record))
      if (!isEngineEvent(record)) return
      artefacts.follow(record)
      log.follow(record)
      if (opened) folder.follow(record, opened)
      if (!json) view.show(record)
      if (record.type === 'device.ready') deviceInfo = record.data
      if (record.type === 'run.state' && record.data.state === 'ended') onEnd(record.data)
    }

    const ranks = worldSize > 1 ? startRanks({ worldSize, files, device: preference }) : undefined
    const { engine, close } = await openChecked(files, {
      device: preference,
      group: ranks?.member,
      onEvent,
      readMore: (path) => folder.read(path),
    }).catch(async (thrown: unknown) => {
      await ranks?.close()
      throw thrown
    })
    opened = engine
    try {
      if (io.signal.aborted) return EXIT.interrupted
      const startedMs = performance.now()
      await engine.startRun({
        ...(from && { from }),
        ...(checkpointDir !== undefined && { checkpointEveryMs: CHECKPOINT_EVERY_MS }),
      })
      // Whether there is still a run to stop is the engine's to know.
      const stop = (): void => void engine.control('stop').catch(() => undefined)
      if (io.signal.aborted) stop()
      io.signal.addEventListener('abort', stop, { once: true })
      const state = await ended
      await folder.settled()
      view.end()
      if (!json) {
        const durationMs = performance.now() - startedMs
        io.out.write(summaryText(view.summary, state, deviceInfo!, durationMs))
      }
      const left = await leave(artefacts, options['artefact-dir'], engine)
      if (!json && left.text !== undefined) io.out.write(`  ${left.text}\n`)
      if (options.mlruns !== undefined) {
        const at = await log.write(options.mlruns, files, artefacts.names, engine)
        if (!json && at !== undefined) io.out.write(`  wrote ${at}\n`)
      }
      const own = state.error ? [state.error] : []
      const problems = [...own, ...(ranks?.problems ?? []), ...left.problems]
      if (problems.length > 0) throw new Failure(problems, files)
      return io.signal.aborted ? EXIT.interrupted : EXIT.ok
    } catch (thrown) {
      throw thrown instanceof Failure ? thrown : new Failure([errorInfo(thrown)], files)
    } finally {
      view.end()
      close()
      await ranks?.close()
    }
  },
})

/** More threads than that share the processor to nobody's good. */
const MAX_RANKS = 16

function readWorldSize(text: string | undefined, resume: string | undefined): number {
  if (text === undefined) return 1
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1 || size > MAX_RANKS)
    throw new UsageError(`--world-size takes a whole number from 1 to ${MAX_RANKS}, not '${text}'.`)
  if (size > 1 && resume !== undefined)
    throw new UsageError(
      'A checkpoint is the state of rank 0 alone: leave out --resume or --world-size.',
    )
  return size
}

/** Says what plugins left, which is written where there is a folder for it. */
async function leave(
  artefacts: Artefacts,
  folder: string | undefined,
  engine: EngineApi,
): Promise<{ text?: string; problems: readonly ErrorInfo[] }> {
  const { names } = artefacts
  if (names.length === 0) return { problems: [] }
  if (folder === undefined) {
    const text = `plugins left ${names.join(', ')}; --artefact-dir <folder> writes ${names.length > 1 ? 'them' : 'it'}`
    return { text, problems: [] }
  }
  const { paths, problems } = await artefacts.write(folder, engine)
  return { ...(paths.length > 0 && { text: `wrote ${paths.join(', ')}` }), problems }
}
