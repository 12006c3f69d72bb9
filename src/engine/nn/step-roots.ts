// What the JavaScript of a run's steps can depend on: its parts, and all code that runs inside of a step.
import { moduleRoots, type StateRoot, type StepRoots } from '../step-state/index.ts'
import type { RunEnvironment } from './environment.ts'
import type { Part } from './part.ts'
import type { Parts } from './parts.ts'

/** The schedule is left out: it is asked outside of the step, and gives a device scalar. */
export function stepRoots(
  env: Pick<RunEnvironment, 'stepCode'>,
  { model, loss, metrics, optimizer, strategy }: Parts,
): StepRoots {
  const parts: Part<unknown>[] = [model, loss, ...metrics, optimizer, strategy].filter(
    (part) => part !== undefined,
  )
  const code = env.stepCode(new Set(parts.flatMap(({ plugins }) => [...plugins])))
  const { roots, reasons } = moduleRoots(code.modules)
  const own = (name: string, plugin: string, instance: unknown): StateRoot => ({
    name,
    read: () => [instance],
    placeOf: (member) => code.placeOf(plugin, member),
  })
  return {
    roots: [
      ...parts.map(({ label, plugin, instance }) => own(label, plugin, instance)),
      ...code.plugins.map(({ name, instance }) => own(`plugin ${name}`, name, instance)),
      ...code.contexts.map(({ name, read }) => ({
        name: `context of ${name}`,
        names: ['config', 'manifest'],
        read,
      })),
      { name: 'services', names: [], read: () => code.services() },
      { name: 'handlers inside of the step', names: [], read: () => code.handlers() },
      ...roots,
    ],
    reasons,
    linked: (key) => moduleRoots(code.modulesOf(key)),
  }
}
