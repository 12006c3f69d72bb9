// A typical plugin, and a link that was given out; both stay as they are.
import type { SharedWorkspace } from './framing.ts'

export const PLATEAU = `import { plugin, z, type HookArgs } from 'plugboard'

export default class ReduceOnPlateau extends plugin({
  manifest: {
    name: 'reduce_on_plateau',
    version: '0.3.1',
    category: 'callback',
    author: 'Grace',
    description: 'Lets gradients shrink once the watched metric has stopped falling',
  },
  config: z.object({
    watch: z.string().default('val_loss').describe('metric that should fall'),
    factor: z.number().gt(0).lt(1).default(0.5),
    wait: z.int().min(1).default(3).describe('validations without a new low'),
    floor: z.number().min(0).default(0.01),
  }),
}) {
  #low = Infinity
  #idle = 0
  #scale = 1

  onTrainBegin() {
    this.#low = Infinity
    this.#idle = 0
    this.#scale = 1
  }

  onValidationEnd({ metrics, step }: HookArgs<'onValidationEnd'>) {
    const now = metrics[this.config.watch] ?? Infinity
    if (now < this.#low) {
      this.#low = now
      this.#idle = 0
      return
    }
    if (++this.#idle < this.config.wait) return
    this.#idle = 0
    this.#scale = Math.max(this.config.floor, this.#scale * this.config.factor)
    this.ctx.log.info(\`step \${step}: gradients are scaled by \${this.#scale} from here on\`)
  }

  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
    return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(this.#scale)]))
  }
}
`

export const OLD_WORKSPACE: SharedWorkspace = {
  name: 'grüße 😀',
  active: 'plugins/hello.ts',
  files: new Map<string, string | Uint8Array<ArrayBuffer>>([
    ['plugboard.yaml', 'experiment:\n  dataset: names\n  model: gpt\n'],
    ['plugins/hello.ts', "import { plugin } from 'plugboard'\n"],
    ['data/pixel.bin', Uint8Array.of(0, 255, 128)],
  ]),
}

export const OLD_LINK =
  '#w1.Zmoz2gAAAEhLgxuXXnR4z-H5qQof5s9owGZvBvComHygfqVaGVQjgMv1kIcrMYYlIaOJkDFEdMPc0AoIbMWBDNgrBcCeZY5eUmYeO8P_BgA'
