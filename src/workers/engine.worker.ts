// The engine in the sandbox's worker: built here, served on the ports that the sandbox page hands over.
import { createEngine, type Engine } from '#engine'
import { builtinPlugins } from '#plugins'
import { z } from '#sdk'
import { batched } from './batches.ts'
import { listenToConsole } from './console.ts'
import { workerHost } from './host.ts'
import { type SandboxPorts, serve } from './serve.ts'

/** Called once by the sandbox page's bootstrap. */
export function start(ports: SandboxPorts): void {
  // The sandbox's policy forbids generated code.
  z.config({ jitless: true })
  serve(ports, ({ send, ...activity }) => {
    const engine: Engine = createEngine({
      plugins: builtinPlugins,
      host: workerHost(activity, {
        asset: (path) => engine.asset(path),
        onError: (error) => engine.reportUncaught(error),
      }),
      onEvent: batched(send),
    })
    listenToConsole(console, (level, values) => engine.print(level, values))
    addEventListener('error', ({ error, message }) => engine.reportUncaught(error ?? message))
    addEventListener('unhandledrejection', ({ reason }) => engine.reportUncaught(reason))
    return engine
  })
}
