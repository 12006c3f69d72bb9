// Step log: a callback to begin with. Change a line while the run goes on.
import { type HookArgs, plugin, z } from 'plugboard'

export default class StepLog extends plugin({
  manifest: {
    name: 'step_log',
    version: '1.0.0',
    category: 'callback',
    description: 'Writes the loss to the log every few steps, and how far it is below chance',
  },
  // Settings under plugins.use.step_log.config in plugboard.yaml; a wrong one is shown there, at its line.
  config: z.strictObject({
    every_steps: z.int().min(1).default(50).describe('steps from one line to the next'),
  }),
}) {
  // A method with the name of a hook is called for it. Numbers of a step arrive a few steps late,
  // because nothing in a step waits for the device.
  onMetrics({ run, step, metrics }: HookArgs<'onMetrics'>) {
    const loss = metrics['loss']
    const choices = run.columns['labels']?.limit
    if (!loss || !choices || step % this.config.every_steps !== 0) return
    // Guessing blindly among all choices costs ln(choices) on the mean.
    const below = 100 * (1 - loss / Math.log(choices))
    this.ctx.log.info(`step ${step}: loss ${loss.toFixed(3)}, ${below.toFixed(0)} % below chance`)
  }

  onValidationEnd({ epoch, metrics }: HookArgs<'onValidationEnd'>) {
    const loss = metrics['val_loss']
    if (loss !== undefined) {
      this.ctx.log.info(`epoch ${epoch}: as unsure as between ${Math.exp(loss).toFixed(1)} letters`)
    }
  }
}
