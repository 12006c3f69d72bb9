// What is said of work that the device compiles: how it runs, in words and figures.
import type { CompiledWork } from '../../store/profile-slice.ts'
import { formatBytes, formatCount, formatDuration, plural } from '../../ui/format.ts'
import { sumOf } from './breakdown.ts'
import type { Figure } from './figures.tsx'

type Reason = CompiledWork['reasons'][number]
type Program = NonNullable<CompiledWork['pieces'][number]['program']>

export const workNames = {
  step: 'Training step',
  validation: 'Validation',
} as const satisfies Record<CompiledWork['work'], string>

/** What to do about it. */
export const hints = {
  read: 'Reading waits for the device, and what comes after it is another program. To follow a value, give it to run.observe and take it in onMetrics.',
  kernel: 'It runs by itself, between two programs.',
  changing:
    'What is the same in each step is compiled once: keep shapes and settings, or leave it as it is.',
  refused: 'It runs kernel by kernel, which is slower and as right.',
  unpacked: 'It takes more launches than it could, and is as right.',
  float32: 'It takes the memory of float32, and is as right.',
} as const satisfies Record<Reason['kind'], string>

type Repeats = NonNullable<CompiledWork['repeats']>

/** What to do about steps whose code runs. */
export const repeatHints = {
  reads:
    'For chance there is ctx.random with nn.uniform, nn.normal and nn.dropout; for what follows the step, a value under schedules in plugboard.yaml, which is ctx.scalars; to follow a value, run.observe; the log, events and the clock can wait for onStepEnd or onMetrics.',
  unseen: 'Keep state in fields, Maps, Sets and small arrays, and large tables in tensors.',
  changed:
    'What each step changes can be a tf.variable that it assigns; what the step does not need can be kept by another plugin. A change now and then costs a few steps.',
  does: 'Make variables and tensors once, before the first step; what a step gives on to the next one is a tf.variable that it assigns.',
  parts: 'Only a step that is one program can be repeated.',
} as const satisfies Record<Repeats['reasons'][number]['kind'], string>

/** `repeated without their code: 480 of 500 steps`. */
export const shareOf = ({ steps, repeated }: Repeats): string =>
  `repeated without their code: ${formatCount(repeated)} of ${plural(steps, 'step')}`

/** Reasons that count: those of the first steps are no use to anybody while all others are repeated. */
export const reasonsOf = ({ reasons }: Repeats): Repeats['reasons'] =>
  reasons.filter(({ steps }) => steps > 1)

const programsOf = ({ pieces }: CompiledWork): Program[] =>
  pieces.flatMap(({ program }) => program ?? [])

/** `one program`, `3 programs`, `kernel by kernel`, `2 programs, the rest kernel by kernel`. */
export function formOf(work: CompiledWork): string {
  const programs = programsOf(work).length
  const told = programs === 1 ? 'one program' : plural(programs, 'program')
  if (programs === 0) return 'kernel by kernel'
  return programs < work.pieces.length ? `${told}, the rest kernel by kernel` : told
}

/** Of programs that may store values in 16 bits. */
function precisionOf(programs: readonly Program[]): Figure[] {
  const mixed = programs.flatMap((it) => it.mixed ?? [])
  if (mixed.length === 0) return []
  const whole = Math.max(...programs.map((it) => it.mixed?.wholeBytes ?? it.arenaBytes))
  return [
    ['It would be in float32', formatBytes(whole)],
    ['Stored in 16 bits', plural(sumOf(mixed.map((it) => it.values)), 'value')],
  ]
}

export function figuresOf(work: CompiledWork): Figure[] {
  const programs = programsOf(work)
  const sum = (valueOf: (program: Program) => number | undefined): number =>
    sumOf(programs.map((program) => valueOf(program) ?? 0))
  const kernels = formatCount(sumOf(work.pieces.map((piece) => piece.kernels)))
  if (work.pieces.length === 0) return []
  if (programs.length === 0) return [['Kernels', kernels]]
  const compileMs = sum((it) => it.compileMs)
  const packBytes = sum((it) => it.packBytes)
  return [
    ['Kernels', kernels],
    ['Launches', formatCount(sum((it) => it.launches))],
    ['Pipelines', formatCount(sum((it) => it.pipelines))],
    ...(compileMs > 0 ? [['Compiled in', formatDuration(compileMs)] as const] : []),
    // Programs share it.
    ['Working memory', formatBytes(Math.max(...programs.map((it) => it.arenaBytes)))],
    ...precisionOf(programs),
    ...(packBytes > 0 ? [['Packed parameters', formatBytes(packBytes)] as const] : []),
    ['Sent each time', formatBytes(sum((it) => it.uploadBytes))],
  ]
}
