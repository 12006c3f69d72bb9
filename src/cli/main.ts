// The process around the command line: streams, Ctrl+C, exit code.
import { Console } from 'node:console'
import { z } from '#sdk'
import { runCli } from './cli.ts'
import { EXIT, type Output } from './io.ts'

const output = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
  get columns() {
    // Some pretend to have none.
    return stream.columns || 80
  },
})

// As in the page, where generated code is forbidden.
z.config({ jitless: true })
// Standard output is for results: what plugins print goes beside it.
globalThis.console = new Console(process.stderr)
// Whoever read our output has gone, as `head` does.
process.stdout.on('error', () => process.exit(EXIT.ok))

const interrupt = new AbortController()
// Again and again is once: the launcher ends what does not end by itself.
process.on('SIGINT', () => interrupt.abort())

const code = await runCli(process.argv.slice(2), {
  out: output(process.stdout),
  err: output(process.stderr),
  signal: interrupt.signal,
})
// Timers of plugins must not keep the process alive; what was written has to arrive first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
