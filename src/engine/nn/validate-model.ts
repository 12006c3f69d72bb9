// Rules of validators, and what plugins have to say, on a model that was just built.
import { EngineError, type Finding } from '#sdk'
import { joined } from '../joined.ts'
import type { Blueprint } from './build-model.ts'
import { createLeaf, type Part } from './part.ts'
import type { Parts } from './parts.ts'

/** Tells warnings as log events. Throws all errors that were found, as one. */
export function validateModel(
  { env, experiment, columns }: Blueprint,
  { model, parameters }: Pick<Parts, 'model' | 'parameters'>,
): void {
  const args = { model: model.instance, parameters, columns }
  const judge = (
    { label, plugin }: Pick<Part<unknown>, 'label' | 'plugin'>,
    findings: readonly Finding[],
  ): EngineError[] => {
    const isError = ({ severity }: Finding): boolean => severity === 'error'
    for (const { message } of findings.filter((finding) => !isError(finding)))
      env.log(plugin).warn(`${label}: ${message}`)
    return findings.filter(isError).map(({ message, hint }) => {
      const text = `${label}: ${message}`
      return new EngineError({ code: 'model.invalid', message: text, plugin, hint })
    })
  }
  const errors = [
    ...experiment.validators.flatMap((ref) => {
      const validator = createLeaf(env, 'validator', ref, {})
      return judge(
        validator,
        validator.call('check', (it) => it.check(args)),
      )
    }),
    ...judge(model, env.hooks.collect('onGraphCheck', { ...args, experiment })),
  ]
  if (errors.length > 0) throw joined(errors)
}
