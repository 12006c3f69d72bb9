// The one worker that compiles, started with the first file.
import { wrap } from 'comlink'
import type { CompileResult } from '#workspace'
import type { Compiler, Source } from '../editor/typescript.worker.ts'
import TypeScriptWorker from '../editor/typescript.worker.ts?worker'

type Compile = (sources: readonly Source[]) => Promise<CompileResult[]>

let compiler: Compile | undefined

function start(): Compile {
  const worker = new TypeScriptWorker({ name: 'compiler' })
  const lost = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) => {
      compiler = undefined
      worker.terminate()
      const why = message ? ` (${message})` : ''
      reject(new Error(`The TypeScript compiler did not load${why}: try again when online.`))
    }
  })
  const { compile } = wrap<Compiler>(worker)
  return (sources) => Promise.race([compile(sources), lost])
}

/** What each source compiles to. Rejects when the compiler can't be loaded; the next call tries again. */
export const compileSources: Compile = (sources) => (compiler ??= start())(sources)
