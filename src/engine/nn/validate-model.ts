// Rules of validators, and what plugins have to say, on a model that was just built.
import { EngineError } from '#sdk'
import { findings } from '../hooks/index.ts'
import { joined } from '../joined.ts'
import type { Blueprint } from './build-model.ts'
import { createLeaf } from './part.ts'
import type { Parts } from './parts.ts'

/** Tells warnings as log lines. Throws all errors that were found, as one. */
export function validateModel(
  { env, experiment, columns }: Blueprint,
  { model, parameters }: Pick<Parts, 'model' | 'parameters'>,
): void {
  const args = { model: model.instance, parameters, columns }
  const found = [
    ...experiment.validators.flatMap((ref) => {
      const validator = createLeaf(env, 'validator', ref, {})
      const { label: by, plugin } = validator
      return validator.call('check', (it) =>
        it.check(args).map((each) => ({ ...each, by, plugin })),
      )
    }),
    ...findings(env.hooks, 'onGraphCheck', { ...args, experiment }).map((each) => {
      return { ...each, by: each.plugin }
    }),
  ]
  const errors: EngineError[] = []
  for (const { severity, message, hint, by, plugin } of found) {
    const text = `${by} about ${model.label}: ${message}`
    if (severity === 'warning') env.log(plugin).warn(text)
    else errors.push(new EngineError({ code: 'model.invalid', message: text, plugin, hint }))
  }
  if (errors.length > 0) throw joined(errors)
}
