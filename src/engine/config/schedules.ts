// schedules: of plugboard.yaml: plugins that work in some epochs only, values that change over a run.
import { z } from '#sdk'

const epoch = z.int().min(1)
/** On the device it is a float32. */
const value = z.number().min(-3e38).max(3e38)

const pluginScheduleSchema = z
  .strictObject({
    enable_at_epoch: epoch.optional().describe('starts before this epoch begins'),
    disable_at_epoch: epoch.optional().describe('stops before this epoch begins'),
  })
  .refine(({ enable_at_epoch: on, disable_at_epoch: off }) => on === undefined || on !== off, {
    path: ['disable_at_epoch'],
    error: 'it is enabled at this very epoch',
  })

/** When a plugin works. With both epochs given, the later one stays in force. */
export type PluginSchedule = z.output<typeof pluginScheduleSchema>

/** Whether a plugin works in an epoch, from 1; epoch 0 is the time before the first. */
export function isOnIn(schedule: PluginSchedule | undefined, at: number): boolean {
  const { enable_at_epoch: on = Infinity, disable_at_epoch: off = Infinity } = schedule ?? {}
  // Before either has come, it is as the first of them finds it.
  if (at < Math.min(on, off)) return off <= on
  return at >= on && (at < off || off < on)
}

const valueScheduleSchema = z
  .strictObject({
    start: value.describe('value up to `from`'),
    end: value.describe('value at `to` and after'),
    by: z.enum(['epoch', 'step']).default('epoch').describe('what it changes with'),
    from: z.int().min(1).default(1).describe('epoch or step until which it is `start`'),
    to: z
      .int()
      .min(2)
      .optional()
      .describe('epoch or step from which on it is `end`; the last of the run, if left out'),
    shape: z
      .enum(['linear', 'cosine', 'exponential'])
      .default('linear')
      .describe('how it gets from `start` to `end`'),
  })
  .superRefine(({ start, end, from, to, shape }, { addIssue }) => {
    const refuse = (key: string, message: string): void =>
      addIssue({ code: 'custom', path: [key], message })
    if (to !== undefined && to <= from)
      refuse('to', `it must come after \`from\`, which is ${from}`)
    if (shape !== 'exponential') return
    if (start === 0) refuse('start', 'an exponential cannot leave zero')
    else if (end === 0 || end < 0 !== start < 0)
      refuse('end', `an exponential from ${start} never gets there: give it the same sign`)
  })

/** How a value changes over a run. */
export type ValueSchedule = z.output<typeof valueScheduleSchema>

/** Metrics that every run has. */
const TAKEN = ['loss', 'val_loss', 'learning_rate']

export const schedulesSchema = z.strictObject({
  plugins: z
    .record(z.string(), pluginScheduleSchema)
    .default({})
    .describe('plugins that are enabled or disabled at an epoch'),
  values: z
    .record(z.string(), valueScheduleSchema)
    .superRefine((values, { addIssue }) => {
      const message = 'a metric has this name; choose another'
      for (const name of TAKEN)
        if (Object.hasOwn(values, name)) addIssue({ code: 'custom', path: [name], message })
    })
    .default({})
    .describe('values that change over the run, for hooks and models'),
})

/** Epochs of `schedules` that a run of `epochs` never reaches, by path below it. */
export function unreachedEpochs(
  { plugins, values }: z.output<typeof schedulesSchema>,
  epochs: number,
): (readonly string[])[] {
  const named = [
    ...Object.entries(plugins).flatMap(([name, schedule]) =>
      Object.entries(schedule).map(([key, at]) => [at, 'plugins', name, key] as const),
    ),
    ...Object.entries(values).flatMap(([name, { by, from }]) =>
      by === 'epoch' ? [[from, 'values', name, 'from'] as const] : [],
    ),
  ]
  return named.filter(([at]) => at > epochs).map(([, ...path]) => path)
}
