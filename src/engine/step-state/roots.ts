// Where the state of a step's code starts: the variables of its modules.
import type { ModuleState } from '../modules/index.ts'
import { valuesAt } from './checks.ts'
import type { StepRoots } from './walk.ts'

/** Variables of modules whose code can run in a step, and why some of them can't be looked through. */
export function moduleRoots(modules: readonly ModuleState[]): Omit<StepRoots, 'linked'> {
  const files = [...new Map(modules.map((module) => [module.key, module])).values()]
  const reasons = files.flatMap(({ file, opaque }) =>
    opaque.map(({ name, location }) => ({
      message: `${file} uses ${name}, behind which state cannot be seen`,
      location,
    })),
  )
  const roots = files.map(({ file, key, variables, exported, placeOf }) => ({
    name: file,
    module: key,
    names: [...variables.map(([name]) => name), 'default'],
    read: valuesAt(variables.length + 1, (at) => {
      const variable = variables[at]
      return variable ? variable[1](variables) : exported
    }),
    placeOf,
  }))
  return { roots, reasons }
}
