// What the command line asks for.
import { parseArgs } from 'node:util'

/** @import { MeasureRequest } from './report.ts' */
/** @import { Scale, WorkloadName } from './workloads.ts' */

export const USAGE = `npm run bench -- [options]
  --workload LIST   w1 (character GPT), w2-96, w2-128 (larger ones), w3 (encoder), w4-mlp, w4-cnn,
                    or w2, w4 for both of theirs; default w1,w3,w4
  --stages          the time of this project's step by its parts, in place of the comparison
  --device LIST     auto, webgpu, wasm; default auto: webgpu where there is an adapter, else wasm
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
const DEVICES = ['auto', 'webgpu', 'wasm']
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
      stages: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const names = Object.keys(WORKLOADS)
  const workloads = values.workload
    .split(',')
    .flatMap((name) => WORKLOADS[oneOf('workload', name, names)] ?? [])
  return {
    workloads: [...new Set(workloads)],
    devices: [...new Set(values.device.split(',').map((name) => oneOf('device', name, DEVICES)))],
    adapter: oneOf('adapter', values.adapter, ADAPTERS),
    scale: oneOf('scale', values.scale, SCALES),
    repeats: positive('repeats', values.repeats),
    blockMs: positive('block', values.block),
    hasStages: values.stages,
    isJson: values.json,
    isHelp: values.help,
  }
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
