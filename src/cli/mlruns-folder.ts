// A run of the terminal in a folder that MLflow opens.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import type { EngineApi, EngineEvent, EventData } from '#protocol'
import type { DeviceInfo } from '#sdk'
import { type Files, loadTracking, PROJECT_FILE } from '#workspace'

interface Points {
  readonly steps: number[]
  readonly epochs: number[]
  readonly times: number[]
  readonly values: number[]
}

/** Follows a run, to be written when it has ended. */
export class RunLog {
  #begin: EventData<'run.begin'> | undefined
  #end: EventData<'run.state'> | undefined
  #device: DeviceInfo | undefined
  #startedAt = 0
  #endedAt = 0
  readonly #points = new Map<string, Points>()

  follow({ type, data, time }: EngineEvent): void {
    if (type === 'device.ready') this.#device = data
    else if (type === 'run.begin') {
      this.#begin = data
      this.#startedAt = time
    } else if (type === 'run.metrics') {
      for (const point of data.points) this.#add(point)
    } else if (type === 'run.state' && data.state === 'ended') {
      this.#end = data
      this.#endedAt = time
    }
  }

  #add({ step, epoch, time, values }: EventData<'run.metrics'>['points'][number]): void {
    for (const [metric, value] of Object.entries(values)) {
      const known = this.#points.get(metric)
      const points = known ?? { steps: [], epochs: [], times: [], values: [] }
      if (!known) this.#points.set(metric, points)
      points.steps.push(step)
      points.epochs.push(epoch)
      points.times.push(time - this.#startedAt)
      points.values.push(value)
    }
  }

  /**
   * Writes the run into `folder`, beside those that are there, with the artefacts of these names; resolves with the
   * run's folder. A run that never began is not written: `undefined`.
   */
  async write(
    folder: string,
    files: Files,
    artefacts: readonly string[],
    engine: EngineApi,
  ): Promise<string | undefined> {
    if (!this.#begin || !this.#end) return undefined
    const { name, config, seed, id } = this.#begin
    const yaml = files.get(PROJECT_FILE)
    const left = new Map<string, string | Uint8Array<ArrayBuffer>>()
    if (typeof yaml === 'string') left.set(PROJECT_FILE, yaml)
    for (const artefact of artefacts) {
      const bytes = await engine.artefact(artefact)
      if (bytes) left.set(artefact, bytes)
    }
    const known = await experimentsIn(folder)
    const { experimentId, mlflowFiles } = await loadTracking()
    const columns = [...this.#points].map(
      ([metric, points]) => [metric, columnsOf(points)] as const,
    )
    const written = mlflowFiles(
      [
        {
          id,
          experiment: name,
          title: `${name}, seed ${seed}`,
          state: this.#end.reason ?? 'finished',
          startedAt: this.#startedAt,
          endedAt: this.#endedAt,
          timeOrigin: this.#startedAt,
          config,
          series: Object.fromEntries(columns),
          tags: {
            ...(this.#device && { 'plugboard.device': this.#device.label }),
            ...tagsIn(config),
          },
          notes: '',
          artefacts: left,
        },
      ],
      {
        root: pathToFileURL(resolve(folder)).href,
        idOf: (experiment) => known.get(experiment) ?? experimentId(experiment),
      },
    )
    for (const [path, content] of written) {
      const file = join(folder, path)
      // Of an experiment that is there already, its own word stays.
      const isExperiment = /^[^/]+\/meta\.yaml$/.test(path)
      if (isExperiment && known.has(name)) continue
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    }
    return join(folder, dirname([...written.keys()].find((path) => path.split('/').length === 3)!))
  }
}

const columnsOf = ({ steps, epochs, times, values }: Points) => ({
  length: steps.length,
  steps: Float64Array.from(steps),
  epochs: Float64Array.from(epochs),
  times: Float64Array.from(times),
  values: Float64Array.from(values),
})

/** `experiment.tags` */
function tagsIn(config: unknown): Record<string, string> {
  const tags = typeof config === 'object' && config && 'tags' in config ? config.tags : undefined
  if (typeof tags !== 'object' || tags === null) return {}
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, String(value)]))
}

/** Ids of the experiments of a folder, by their names. */
async function experimentsIn(folder: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const id of await readdir(folder).catch(() => [])) {
    const text = await readFile(join(folder, id, 'meta.yaml'), 'utf8').catch(() => undefined)
    const meta: unknown = text === undefined ? undefined : parse(text)
    if (typeof meta === 'object' && meta && 'name' in meta) ids.set(String(meta.name), id)
  }
  return ids
}
