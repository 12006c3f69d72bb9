// A workspace of a few numbers, y = 2 a - b + 1, and a process that keeps what is written.
import { runCli } from './cli.ts'
import type { Io } from './io.ts'

export const CONFIG = `# what a line is fitted to
experiment:
  name: line
  seed: 3 # of everything
  dataset: line_data
  model: line_model
  training:
    epochs: 3
    batch_size: 16
    loss: mse
    optimizer: { name: sgd, config: { learning_rate: 0.05 } }

plugins:
  use:
    teller: { config: { every: 5 } }
`

/** Uses what only a compiler of its own standing makes right: an enum, an accessor, a parameter property. */
const DATA = `import { plugin, type Random, type Table } from 'plugboard'
import { Side, width } from './lib/shape.ts'

class Rows {
  accessor count = 160
  constructor(private readonly random: Random) {}
  table(): Table {
    const input = this.random.normals(this.count * width)
    const target = Float32Array.from({ length: this.count }, (_, i) => {
      return 2 * input[2 * i + Side.Left]! - input[2 * i + Side.Right]! + 1
    })
    return {
      length: this.count,
      columns: {
        input: { type: 'number', data: input, shape: [width], dtype: 'float32' },
        labels: { type: 'number', data: target, shape: [1], dtype: 'float32' },
      },
    }
  }
}

export default class LineData extends plugin({
  manifest: { name: 'line_data', version: '1.0.0', category: 'dataset', provides: ['dataset/line_data'] },
}) {
  initialize() {
    this.ctx.provide('dataset', 'line_data', (_config, { random }) => ({
      load: async () => new Rows(random).table(),
    }))
  }
}
`

const MODEL = `import { Module, nn, plugin, type TensorMap } from 'plugboard'

class Line extends Module {
  layer = new nn.Linear(2, 1)
  forward({ input }: TensorMap): TensorMap {
    return { predictions: this.layer.forward(input!) }
  }
}

export default class LineModel extends plugin({
  manifest: { name: 'line_model', version: '1.0.0', category: 'model', provides: ['model/line_model'] },
}) {
  initialize() {
    this.ctx.provide('model', 'line_model', () => new Line())
  }
}
`

const TELLER = `import { type HookArgs, plugin, z } from 'plugboard'

export default class Teller extends plugin({
  manifest: { name: 'teller', version: '1.0.0', category: 'callback' },
  config: z.object({ every: z.int().min(1) }),
}) {
  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    if (step % this.config.every === 0) this.ctx.log.info(\`step \${step}: \${metrics['loss']}\`)
  }
}
`

export const LINE: Record<string, string> = {
  'plugboard.yaml': CONFIG,
  'plugins/line-data.ts': DATA,
  'plugins/lib/shape.ts': 'export enum Side { Left, Right }\nexport const width = 2\n',
  'plugins/line-model.ts': MODEL,
  'plugins/teller.ts': TELLER,
}

/** Runs a command line in this process. Aborting `signal` is Ctrl+C. */
export async function cli(
  argv: readonly string[],
  {
    signal = new AbortController().signal,
    onText,
  }: { signal?: AbortSignal; onText?: (text: string) => void } = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const io: Io = {
    out: {
      write(text) {
        out += text
        onText?.(text)
      },
      isTerminal: false,
      columns: 80,
    },
    err: { write: (text) => void (err += text), isTerminal: false, columns: 80 },
    signal,
  }
  const code = await runCli(argv, io)
  return { code, out, err }
}
