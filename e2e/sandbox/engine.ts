// An engine for the sandbox tests whose one command runs any module text, as hostile as the test wants it.
import type { EngineApi } from '#protocol'
import { EngineError } from '#sdk'
import { type EngineHost, type SandboxPorts, serve } from '../../src/workers/serve.ts'

/** What a test's module gets; its default export is called with it. */
export interface HostileHost extends EngineHost {
  ports: SandboxPorts
  origin: string
  asset(path: string): Promise<ArrayBuffer>
}

export function start(ports: SandboxPorts): void {
  serve(ports, (host) => createEngine(host, ports))
}

function createEngine(host: EngineHost, ports: SandboxPorts): EngineApi {
  interface Request {
    resolve(bytes: ArrayBuffer): void
    reject(error: Error): void
  }
  const waiting = new Map<number, Request>()

  function asset(path: string): Promise<ArrayBuffer> {
    const id = waiting.size + 1
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      host.send([{ seq: id, time: 0, type: 'asset.request', data: { id, path } }])
    })
  }
  const unused = () =>
    Promise.reject(new EngineError({ code: 'engine.internal', message: 'Not part of this test.' }))

  return {
    boot: unused,
    open: unused,
    inspect: unused,
    activate: unused,
    transition: unused,
    renew: unused,
    profile: unused,
    call: unused,
    commands: unused,
    validateConfig: unused,
    report: unused,
    yamlSchemas: unused,
    startRun: unused,
    checkpoint: unused,
    predictForm: unused,
    predict: unused,
    takeCheckpoint: unused,
    exportModel: unused,
    describeModel: unused,
    control: unused,
    tests: unused,
    test: unused,
    stopTests: unused,
    artefact: unused,
    async provideAsset(id, bytes, message) {
      if (bytes instanceof ArrayBuffer) waiting.get(id)?.resolve(bytes)
      else waiting.get(id)?.reject(new Error(message))
    },
    async command(label, { code, origin }) {
      host.enter(label)
      const url = URL.createObjectURL(new Blob([String(code)], { type: 'text/javascript' }))
      const module = (await import(/* @vite-ignore */ url)) as {
        default?: (host: HostileHost) => unknown
      }
      return await module.default?.({ ...host, ports, origin: String(origin), asset })
    },
  }
}
