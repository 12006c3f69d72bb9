// npm run quality: trains the workspaces of this folder and holds what they reach against what they must.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from '../tables.mjs'
import { TASKS } from './tasks.mjs'

/** @import { Task } from './tasks.mjs' */

const USAGE = `npm run quality -- [task …] [--device <name>]

Trains the workspaces in bench/quality and prints what they reach on rows held back. Fails when one
misses its mark. Without tasks, all of them: ${TASKS.map(({ name }) => name).join(', ')}.

  --device <name>   as of \`plugboard run\`: auto, cpu, wasm or webgpu; auto when left out`

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = fileURLToPath(new URL('../../scripts/plugboard.mjs', import.meta.url))

const { values, positionals } = parseArgs({
  options: { device: { type: 'string', default: 'auto' }, help: { type: 'boolean' } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => TASKS.every((task) => task.name !== name))
if (values.help) console.log(USAGE)
else if (unknown.length > 0) {
  console.error(`There is no task ${unknown.join(', ')}.\n\n${USAGE}`)
  process.exitCode = 2
} else {
  const tasks = TASKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  console.log(`${describeMachine()}\n`)
  console.log('| task | model and data | seed | steps | minutes | reached | wanted | PyTorch | |')
  console.log('| --- | --- | --: | --: | --: | --: | --: | --: | --- |')
  for (const task of tasks) if (!(await isReached(task))) process.exitCode = 1
}

/**
 * Trains one task and prints its row of the table.
 * @param {Task} task
 */
async function isReached(task) {
  const { seeds, steps, minutes, value, device } = await train(task)
  const { withinOf = Infinity } = task
  const pytorch = task.withinOf === undefined ? undefined : referenceOf(task, steps)
  const holds =
    value >= (task.atLeast ?? -Infinity) &&
    value <= (task.atMost ?? Infinity) &&
    (pytorch === undefined || Math.abs(value / pytorch - 1) <= withinOf)
  const wanted = [
    task.atLeast === undefined ? '' : `≥ ${task.atLeast}`,
    task.atMost === undefined ? '' : `≤ ${task.atMost}`,
    pytorch === undefined ? '' : `within ${100 * withinOf} % of PyTorch`,
  ]
  const cells = [
    task.name,
    `${task.shows} (${device})`,
    seeds,
    steps,
    minutes.toFixed(1),
    `${task.metric} ${value.toFixed(4)}`,
    wanted.filter(Boolean).join(', '),
    pytorch === undefined ? '–' : `${pytorch.toFixed(4)} (${percent(value / pytorch - 1)})`,
    holds ? 'reached' : 'MISSED',
  ]
  console.log(`| ${cells.join(' | ')} |`)
  return holds
}

/** @param {number} share */
function percent(share) {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(2)} %`
}

/**
 * @param {Task} task
 * @param {number} steps
 */
function referenceOf({ name }, steps) {
  const { val_loss: curve } = JSON.parse(
    readFileSync(new URL(`${name}/pytorch.json`, import.meta.url), 'utf8'),
  )
  const value = curve[steps]
  if (value === undefined) throw new Error(`${name}/pytorch.json has no value at step ${steps}`)
  return /** @type {number} */ (value)
}

/**
 * Trains a task, once for each of its seeds and folds. The value is the mean of theirs, steps are those of all.
 * @param {Task} task
 */
async function train({ name, metric, folds, seeds }) {
  const seedOptions = seeds?.map((seed) => [`--set=experiment.seed=${seed}`]) ?? [[]]
  const foldOptions = folds
    ? Array.from({ length: folds }, (_, i) => [`--set=experiment.validation.fold=${i + 1}`])
    : [[]]
  const settings = seedOptions.flatMap((seed) => foldOptions.map((fold) => [...seed, ...fold]))
  const started = performance.now()
  /** @type {Awaited<ReturnType<typeof run>>[]} */
  const runs = []
  for (const more of settings) runs.push(await run(name, metric, more))
  /** @param {'value' | 'steps'} key */
  const sum = (key) => runs.reduce((all, each) => all + each[key], 0)
  return {
    seeds: [...new Set(runs.map(({ seed }) => seed))].join(', '),
    device: runs[0]?.device ?? '',
    steps: sum('steps'),
    value: sum('value') / runs.length,
    minutes: (performance.now() - started) / 60_000,
  }
}

/**
 * Trains a workspace on the command line and takes what its events tell.
 * @param {string} name
 * @param {string} metric
 * @param {readonly string[]} more
 */
async function run(name, metric, more) {
  const workspace = fileURLToPath(new URL(name, import.meta.url))
  const options = ['run', workspace, '--json', '--device', values.device, ...more]
  const child = spawn(process.execPath, [command, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const result = { seed: NaN, steps: NaN, value: NaN, device: '' }
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, data } = JSON.parse(line)
    if (type === 'device.ready') result.device = data.backend
    if (type === 'run.begin') Object.assign(result, { seed: data.seed, steps: data.totalSteps })
    if (type === 'run.metrics')
      for (const point of data.points)
        if (metric in point.values) result.value = point.values[metric]
    if (type === 'problem') console.error(`${name}: ${data.message}`)
  }
  return result
}
