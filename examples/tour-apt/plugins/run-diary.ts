// Idea: a log that stays – an artefact to open and download – and a service that lets others write to it.
import {
  Artefacts,
  type Context,
  EngineError,
  type HookArgs,
  type Metrics,
  plugin,
  z,
} from 'plugboard'
import { Diary } from '../lib/diary.ts'

const round = ([name, value]: [string, number]) => `${name} ${value.toFixed(3)}`
const listed = (metrics: Metrics) => Object.entries(metrics).map(round).join(', ')

export default class RunDiary extends plugin({
  manifest: {
    name: 'run_diary',
    version: '1.2.0',
    category: 'callback',
    description: 'Keeps a diary of the run',
  },
  config: z.strictObject({
    file: z.string().endsWith('.md').default('diary.md').describe('name of the artefact'),
  }),
  inject: { artefacts: Artefacts },
}) {
  // A schema knows only the setting. What it must fit in with is judged here; a throw keeps the plugin out.
  validate({ manifest }: Context) {
    const { file } = this.config
    const owner = this.services.artefacts.list().find(({ name }) => name === file)?.plugin
    if (owner === undefined || owner === manifest.name) return
    throw new EngineError({
      code: 'config.invalid',
      message: `run_diary is to write ${file}, which is an artefact of ${owner}`,
      hint: 'set `file` to another name',
    })
  }

  initialize() {
    this.ctx.provideService(Diary, { note: (line) => this.#write(`- ${line}`) })
  }

  onTrainBegin({ run, resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.services.artefacts.put(this.config.file, '', { type: 'text/markdown' })
    this.#write(`# ${run.config.name}, seed ${run.config.seed}`)
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    this.#write(`\n## Epoch ${epoch}\n\n${listed(metrics)}\n`)
  }

  onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    this.#write(`\nEnded (${reason}) after ${run.step} steps.`)
  }

  #write(line: string) {
    this.services.artefacts.append(this.config.file, `${line}\n`)
  }
}
