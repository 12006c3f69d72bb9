// What the command line asks for.
import { parseArgs } from 'node:util'

/** @import { CompetitorName, MeasureRequest } from './report.ts' */
/** @import { Scale, WorkloadName } from './workloads.ts' */

export const USAGE = `npm run bench -- [options]
  --workload LIST   w1 (character GPT), w2-96, w2-128 (larger ones), w3 (encoder), w4-mlp, w4-cnn,
                    or w2, w4 for both of theirs; default w1,w3,w4
  --competitor LIST plugboard, raw (plugboard with device.compile off), tfjs, jax, nanogpt; default all that
                    can train the workload; the first one's weights are everybody's
  --memory          bytes on the device after step 100 and after step 2,000, in place of times
  --products        what products of matrices reach of the adapter's peak, and what a launch costs, in
                    place of the comparison
  --stages          the time of this project's step by its parts, in place of the comparison
  --device LIST     auto, webgpu, wasm; with --stages also webgl, cpu; default auto: webgpu where there
                    is an adapter, else wasm
  --adapter NAME    auto, hardware, software; default auto: hardware if the browser gives it
  --scale NAME      small (for software adapters) or full; default small
  --repeats N       timed blocks of each competitor; default 5
  --block MS        length that a block aims at; default 1500
  --json            print JSON instead of tables`

/** @type {Record<string, WorkloadName[]>} */
const WORKLOADS = {
  w1: ['w1'],
  w2: ['w2-96', 'w2-128'],
  'w2-96': ['w2-96'],
  'w2-128': ['w2-128'],
  w3: ['w3'],
  w4: ['w4-mlp', 'w4-cnn'],
  'w4-mlp': ['w4-mlp'],
  'w4-cnn': ['w4-cnn'],
}
/** @type {('auto' | MeasureRequest['device'])[]} */
const DEVICES = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu']
/** jax-js has no others. */
const COMPARED = new Set(['auto', 'webgpu', 'wasm'])
/** @type {Record<string, CompetitorName>} */
const COMPETITORS = {
  plugboard: 'plugboard',
  raw: 'plugboard, not compiled',
  tfjs: 'plain tfjs',
  jax: 'jax-js',
  nanogpt: 'genai-nanogpt',
}
/** @type {('auto' | 'hardware' | 'software')[]} */
const ADAPTERS = ['auto', 'hardware', 'software']
/** @type {Scale[]} */
const SCALES = ['small', 'full']

/**
 * @param {string[]} args
 * @throws {Error} that names the option and what it takes
 */
export function readArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      workload: { type: 'string', default: 'w1,w3,w4' },
      device: { type: 'string', default: 'auto' },
      adapter: { type: 'string', default: 'auto' },
      scale: { type: 'string', default: 'small' },
      repeats: { type: 'string', default: '5' },
      block: { type: 'string', default: '1500' },
      competitor: { type: 'string', default: Object.keys(COMPETITORS).join(',') },
      memory: { type: 'boolean', default: false },
      stages: { type: 'boolean', default: false },
      products: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const names = Object.keys(WORKLOADS)
  const workloads = values.workload
    .split(',')
    .flatMap((name) => WORKLOADS[oneOf('workload', name, names)] ?? [])
  const devices = values.device.split(',').map((name) => oneOf('device', name, DEVICES))
  const alone = devices.find((name) => !COMPARED.has(name))
  if (alone !== undefined && !values.stages)
    throw new Error(
      `--device ${alone} compares with nobody: it takes --stages, or use webgpu, wasm`,
    )
  return {
    workloads: [...new Set(workloads)],
    devices: [...new Set(devices)],
    adapter: oneOf('adapter', values.adapter, ADAPTERS),
    scale: oneOf('scale', values.scale, SCALES),
    repeats: positive('repeats', values.repeats),
    blockMs: positive('block', values.block),
    competitors: values.competitor
      .split(',')
      .flatMap((name) => COMPETITORS[oneOf('competitor', name, Object.keys(COMPETITORS))] ?? []),
    what: whatOf(values),
    isJson: values.json,
    isHelp: values.help,
  }
}

/** @param {{ stages: boolean, memory: boolean, products: boolean }} asked */
function whatOf({ stages, memory, products }) {
  if (products) return 'products'
  if (stages) return 'stages'
  return memory ? 'memory' : 'workload'
}

/**
 * Those that can train the workload on the device.
 * @param {readonly CompetitorName[]} names
 * @param {WorkloadName} workload
 * @param {MeasureRequest['device']} device
 */
export function fitting(names, workload, device) {
  const isGpt = workload === 'w1' || workload.startsWith('w2')
  return names.filter((name) => {
    if (name === 'genai-nanogpt') return isGpt && device === 'webgpu'
    return name === 'plugboard, not compiled' ? device === 'webgpu' : true
  })
}

/**
 * @template {string} T
 * @param {string} option
 * @param {string} value
 * @param {readonly T[]} allowed
 * @returns {T}
 */
function oneOf(option, value, allowed) {
  const found = allowed.find((each) => each === value)
  if (found === undefined)
    throw new Error(`--${option} is '${value}': it takes ${allowed.join(', ')}`)
  return found
}

/**
 * @param {string} option
 * @param {string} value
 */
function positive(option, value) {
  const number = Number(value)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${option} is '${value}': it takes a whole number from 1`)
}
