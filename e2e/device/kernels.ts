// Runs in a page: each kernel on random shapes, and random programs, compiled and on the CPU.
import * as tf from '@tensorflow/tfjs'
import type { Device } from '#engine'
import { type Case, cases } from '../../src/webgpu/lower/cases.fixture.ts'
import { Draw } from '../../src/webgpu/lower/draw.fixture.ts'
import { program } from '../../src/webgpu/lower/program.fixture.ts'
import { openDevice } from '../../src/workers/device/index.ts'
import { largeCases } from './large.ts'
import { type Work, workBetween, workNow } from './work.ts'

export interface KernelsJob {
  /** Each case with each of them. */
  seeds: readonly number[]
  /** Of cases of large sizes. */
  large: readonly number[]
  /** Of random programs. */
  programs: readonly number[]
  /** So many cases are one piece of work. */
  together: number
}

export interface KernelsOutcome {
  /** Cases and programs. */
  tried: number
  /** What is not as on the CPU. */
  wrong: string[]
  /** Pieces of work that were not one program alone, as they were done. */
  apart: (Work & { titles: string[] })[]
  /** Of the device. */
  errors: string[]
}

interface Values {
  form: string
  values: number[]
}

type Try = readonly [title: string, run: () => tf.Tensor[]]

const each = (all: Readonly<Record<string, Case>>, seeds: readonly number[]): Try[] =>
  Object.entries(all).flatMap(([name, run]) =>
    seeds.map((seed): Try => [`${name} ${seed}`, () => run(new Draw(seed))]),
  )

const triesOf = ({ seeds, large, programs }: KernelsJob): Try[] => [
  ...each(cases, seeds),
  ...each(largeCases, large),
  ...programs.map((seed): Try => [`program ${seed}`, () => program(seed)]),
]

export default async function run(job: KernelsJob): Promise<KernelsOutcome> {
  const tries = triesOf(job)
  const errors: string[] = []
  const open = (preference: 'cpu' | 'webgpu'): Promise<Device> =>
    openDevice(preference, {
      asset: () => Promise.reject(new Error('no file is needed')),
      beat: () => undefined,
      work: () => undefined,
      onError: ({ message }) => void errors.push(message),
    })
  const cpu = await open('cpu')
  const wanted: Values[][] = []
  for (const [, run] of tries) wanted.push(await valuesOf(tf.tidy(run)))
  cpu.dispose()

  const device = await open('webgpu')
  const wrong: string[] = []
  const apart: KernelsOutcome['apart'] = []
  for (let at = 0; at < tries.length; at += job.together) {
    const some = tries.slice(at, at + job.together)
    const before = workNow()
    const compiled = device.compileWork!()
    const { value, done } = compiled.run([], () => some.map(([, run]) => tf.tidy(run)))
    await done
    const work = workBetween(before, workNow())
    if (work.programs > 1 || work.kernels > 0)
      apart.push({ ...work, titles: some.map(([title]) => title) })
    for (const [i, tensors] of value.entries()) {
      const found = await valuesOf(tensors)
      wrong.push(...complaints(some[i]![0], wanted[at + i]!, found))
    }
    compiled.dispose()
  }
  device.dispose()
  return { tried: tries.length, wrong, apart, errors }
}

async function valuesOf(tensors: readonly tf.Tensor[]): Promise<Values[]> {
  const found: Values[] = []
  for (const tensor of tensors) {
    const form = `${tensor.dtype}[${tensor.shape.join()}]`
    found.push({ form, values: Array.from(await tensor.data()) })
  }
  tf.dispose([...tensors])
  return found
}

function complaints(title: string, wanted: readonly Values[], found: readonly Values[]): string[] {
  return wanted.flatMap(({ form, values }, i) => {
    const other = found[i]
    if (other?.form !== form) return [`${title}: result ${i} is ${other?.form}, not ${form}`]
    const off = distance(values, other.values)
    return off <= 1e-3 ? [] : [`${title}: result ${i}, ${form}, is off by ${off}`]
  })
}

/** The largest difference, relative to values above 1; Infinity for NaN or infinity in other places. */
function distance(wanted: readonly number[], found: readonly number[]): number {
  let largest = wanted.length === found.length ? 0 : Infinity
  for (const [i, x] of wanted.entries()) {
    const y = found[i]!
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue
    const difference = Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y))
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference)
  }
  return largest
}
