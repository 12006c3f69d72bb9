// For unit tests: the project text for a small run with the kit's plugin.
export { linePlugin } from '../testkit/line.ts'

/** Four steps an epoch; `plugins` is the text of that section. */
export function lineProject(plugins = '{}', { epochs = 2, more = '' } = {}): string {
  return `plugins: ${plugins}
experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, epochs: ${epochs}, batch_size: 8 }
${more}`
}
