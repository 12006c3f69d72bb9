// Results as text.
import { cpus, loadavg, totalmem, type as system, release } from 'node:os'

/** @import { CompetitorResult, MeasureRequest, MeasureResult, MemoryResult, ProductsResult, StagesResult } from './report.ts' */

const MIB = 2 ** 20

/** @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2))

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

/** The machine that this process runs on, in a line. */
export function describeMachine() {
  const [first] = cpus()
  const memory = (totalmem() / 1024 ** 3).toFixed(0)
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${memory} GiB, ${system()} ${release()}`
}

/** Processes that wanted the processor in the last minute; above the number of cores they waited. */
export const loadNow = () => loadavg()[0] ?? 0

/**
 * One result as a Markdown table with its heading.
 * @param {MeasureResult} result
 */
export function tableOf(result) {
  const { title, device, isSoftware, unit, unitsPerStep, competitors, request } = result
  const isGpu = request.device === 'webgpu'
  const best = Math.min(...competitors.map(({ stepMs }) => median(stepMs)))
  /** @param {CompetitorResult} competitor */
  const row = (competitor) => {
    const { name, parameters, stepMs, firstStepMs, stepsPerBlock, tensors, bytes } = competitor
    const middle = median(stepMs)
    return [
      name,
      short(middle),
      `${short(Math.min(...stepMs))}–${short(Math.max(...stepMs))}`,
      `${(middle / best).toFixed(2)} ×`,
      ((unitsPerStep / middle) * 1000).toFixed(0),
      firstStepMs.toFixed(0),
      `${stepMs.length} × ${stepsPerBlock}`,
      `${parameters}`,
      ...(isGpu
        ? [
            competitor.launchesPerStep?.toFixed(0) ?? '',
            competitor.submitsPerStep?.toFixed(1) ?? '',
            competitor.busyMsPerStep === undefined ? '–' : short(competitor.busyMsPerStep),
            mib(competitor.gpuBytes),
          ]
        : []),
      tensors === undefined ? '–' : `${tensors}`,
      mib(bytes),
    ]
  }
  const head = [
    'competitor',
    'ms/step',
    'min–max',
    'to fastest',
    `${unit}/s`,
    'first step ms',
    'blocks × steps',
    'parameters',
    ...(isGpu ? ['launches/step', 'submits/step', 'thread ms/step', 'GPU MiB'] : []),
    'tensors kept',
    'MiB kept',
  ]
  const losses = competitors[0]?.firstLosses.map((loss) => loss.toFixed(4)).join(', ')
  const software = isSoftware ? ' (SOFTWARE adapter: ratios only)' : ''
  return [
    `### ${request.workload}, ${request.scale}: ${title}`,
    '',
    `${device}${software}; first losses ${losses}.`,
    '',
    ...markdown([head, ...competitors.map(row)]),
  ].join('\n')
}

/** @param {number | undefined} bytes */
const mib = (bytes) => (bytes === undefined ? '–' : (bytes / MIB).toFixed(2))

/**
 * MiB on the device, early and late in a training.
 * @param {readonly MemoryResult[]} results
 */
export function memoryTable(results) {
  const rows = results.flatMap(({ request, gpuBytes }) =>
    Object.entries(gpuBytes).map(([name, [early, late]]) => [
      `${request.workload}, ${request.scale}`,
      name,
      mib(early),
      mib(late),
      early === late ? 'equal' : `${(late ?? Number.NaN) - (early ?? Number.NaN)} bytes`,
    ]),
  )
  const head = ['workload', 'competitor', 'GPU MiB at step 100', 'at step 2,000', 'change']
  return markdown([head, ...rows]).join('\n')
}

/**
 * Speed of products, and its share of the adapter's peak.
 * @param {ProductsResult} result
 */
export function productsTable({ device, isSoftware, peakGflops, launchUs, chosen, products }) {
  const variants = [...new Set(products.flatMap(({ gflops }) => Object.keys(gflops)))]
  /** @param {number | undefined} reached */
  const cell = (reached) =>
    reached === undefined
      ? '–'
      : `${short(reached)} (${Math.round((100 * reached) / peakGflops)} %)`
  const rows = products.map(({ name, size: [batch, m, k, n], gflops }) => [
    name,
    `${batch} × ${m} × ${k} × ${n}`,
    ...variants.map((variant) => cell(gflops[variant])),
  ])
  const software = isSoftware ? ' (SOFTWARE adapter)' : ''
  return [
    `${device}${software}: ${short(peakGflops)} GFLOP/s of multiply-adds, ${short(launchUs)} µs a launch; the compiler takes ${chosen}.`,
    '',
    ...markdown([['product, GFLOP/s', 'batch × m × k × n', ...variants], ...rows]),
  ].join('\n')
}

/**
 * What a part's time is, by who computes.
 * @param {MeasureRequest['device']} device
 */
const meaningOf = (device) =>
  device === 'wasm' || device === 'cpu'
    ? `On ${device} a part takes the time of its own work; read-back is reading the loss and telling the metrics.`
    : `On ${device} a part takes the time to send its work to the device, which does it meanwhile; read-back is what is left to wait for, at most two steps late. How long the device works on each part is not in here.`

/**
 * The parts of a step, one row a workload, and what they mean.
 * @param {readonly StagesResult[]} results
 */
export function stagesTable(results) {
  const stages = Object.keys(results[0]?.stageMs ?? {})
  const rows = results.map(({ request, device, steps, stageMs }) => {
    const values = Object.values(stageMs)
    const whole = values.reduce((sum, value) => sum + value, 0)
    const cells = values.map((value) => `${short(value)} (${Math.round((100 * value) / whole)} %)`)
    return [
      `${request.workload}, ${request.scale}`,
      device.label,
      short(whole),
      ...cells,
      `${steps}`,
    ]
  })
  const table = markdown([['workload', 'device', 'ms/step', ...stages, 'steps'], ...rows])
  const devices = new Set(results.map(({ request }) => request.device))
  return [...table, '', ...[...devices].map(meaningOf)].join('\n')
}

/**
 * A table in Markdown; the first row is its head.
 * @param {string[][]} rows
 */
export function markdown(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  /** @param {string[]} cells */
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const [head, ...body] = rows.map(line)
  return [head ?? '', rule, ...body]
}

/**
 * Machine, browser and command.
 * @param {{ machine: string, runtime: string, flags?: string, adapter: { name: string, isSoftware: boolean } | null, command: string, date: string, loadAtStart: number, loadAtEnd: number }} report
 */
export function footOf({ machine, runtime, flags, adapter, command, date, ...load }) {
  const kind = adapter?.isSoftware ? ' (software)' : ''
  return [
    `machine   ${machine}`,
    `load      ${load.loadAtStart.toFixed(1)} at the start, ${load.loadAtEnd.toFixed(1)} at the end`,
    `runtime   ${runtime}`,
    ...(flags === undefined ? [] : [`flags     ${flags}`]),
    `adapter   ${adapter ? `${adapter.name}${kind}` : 'no WebGPU'}`,
    `command   ${command}`,
    `date      ${date}`,
  ].join('\n')
}
