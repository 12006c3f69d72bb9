// node bench/node.mjs: the benchmark on WebGPU without a browser, where a machine has a graphics processor and Node only.
import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { fitting, readArguments, USAGE } from './arguments.mjs'
import { trainerAlias } from './trainer-alias.mjs'
import { describeMachine, footOf, loadNow, memoryTable, productsTable, tableOf } from './tables.mjs'

/** @import { Lane } from './lane.ts' */
/** @import { Surroundings } from './measure.ts' */
/** @import { MeasureRequest, ProductsResult } from './report.ts' */

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = fileURLToPath(new URL('../.cache/bench-node', import.meta.url))

try {
  const asked = readArguments(process.argv.slice(2))
  if (asked.isHelp) console.log(USAGE.replace('npm run bench --', 'node bench/node.mjs'))
  else await bench(asked)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Where Dawn is, which is too large to come with every installation of this project. */
function findDawn() {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'any.js')).resolve('webgpu')).href
  } catch {
    throw new Error('Node has no WebGPU: npm install --no-save webgpu, then try again')
  }
}

/** @param {ReturnType<typeof readArguments>} asked */
async function bench({ workloads, scale, repeats, blockMs, competitors, what, isJson }) {
  if (what === 'stages') throw new Error('--stages is for the browser: npm run bench -- --stages')
  const dawn = findDawn()
  // It uses what iterators have from Node 22 on.
  const able = competitors.filter((name) => name !== 'jax-js' || 'Iterator' in globalThis)
  if (able.length < competitors.length)
    console.error(`jax-js needs Node 22; this is ${process.version}`)
  const config = fileURLToPath(new URL('../scripts/vite/cli.config.ts', import.meta.url))
  const rolldownOptions = { input: join(here, 'node.ts') }
  await build({
    configFile: config,
    logLevel: 'error',
    resolve: { alias: [trainerAlias] },
    build: { outDir, rolldownOptions },
  })
  const bundle = pathToFileURL(join(outDir, 'node.js')).href
  const { measureMemory, measureWorkload } = /** @type {typeof import('./node.ts')} */ (
    await import(bundle)
  )
  const loadAtStart = loadNow()
  const results = []
  const memory = []
  let adapter = null
  /** @type {ProductsResult[]} */
  const products = []
  if (what === 'products') {
    const { call, end } = openProcess(dawn, bundle)
    try {
      products.push(await call('products', [{ repeats, blockMs }]))
    } finally {
      end()
    }
  }
  for (const { device, isSoftware } of products) adapter = { name: device, isSoftware }
  for (const workload of what === 'products' ? [] : workloads) {
    console.error(workload)
    /** @type {MeasureRequest} */
    const request = {
      workload,
      scale,
      device: 'webgpu',
      repeats,
      blockMs,
      competitors: fitting(able, workload, 'webgpu'),
    }
    const { surroundings, close } = inProcesses(dawn, bundle)
    try {
      if (what === 'memory') memory.push(await measureMemory(request, surroundings))
      else {
        const result = await measureWorkload(request, surroundings)
        adapter = { name: result.device, isSoftware: result.isSoftware }
        results.push(result)
        if (!isJson) console.log(`${tableOf(result)}\n`)
      }
    } finally {
      close()
    }
  }
  rmSync(outDir, { recursive: true })
  if (!isJson && memory.length > 0) console.log(`${memoryTable(memory)}\n`)
  if (!isJson) for (const result of products) console.log(`${productsTable(result)}\n`)
  const report = {
    machine: describeMachine(),
    runtime: `Node ${process.version} with Dawn`,
    adapter,
    command: ['node bench/node.mjs', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    loadAtStart,
    loadAtEnd: loadNow(),
    results,
    memory,
    products,
  }
  console.log(isJson ? JSON.stringify(report, null, 2) : footOf(report))
}

/**
 * A process for each competitor.
 * @param {string} dawn
 * @param {string} bundle
 */
function inProcesses(dawn, bundle) {
  /** @type {ReturnType<typeof openProcess>[]} */
  const processes = []
  /** @type {Surroundings} */
  const surroundings = {
    async openLane() {
      const opened = openProcess(dawn, bundle)
      processes.push(opened)
      return {
        start: (...args) => opened.call('start', args),
        train: (...args) => opened.call('train', args),
        end: () => opened.call('end', []),
      }
    },
  }
  const close = () => {
    for (const { end } of processes) end()
  }
  return { surroundings, close }
}

/**
 * @param {string} dawn
 * @param {string} bundle
 */
function openProcess(dawn, bundle) {
  const child = fork(join(here, 'node-lane.mjs'), [dawn, bundle], { serialization: 'advanced' })
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const calls = new Map()
  child.on('message', (/** @type {{ id: number, value: unknown, error?: string }} */ answer) => {
    const { id, value, error } = answer
    if (error === undefined) calls.get(id)?.resolve(value)
    else calls.get(id)?.reject(new Error(error))
  })
  child.on('exit', (code, signal) => {
    for (const { reject } of calls.values())
      reject(new Error(`a competitor's process ended (${signal ?? code})`))
  })
  return {
    /**
     * @param {keyof Lane | 'products'} method
     * @param {unknown[]} args
     * @returns {Promise<any>}
     */
    call(method, args) {
      const id = calls.size
      child.send({ id, method, args })
      return new Promise((resolve, reject) => calls.set(id, { resolve, reject }))
    },
    end: () => child.kill(),
  }
}
