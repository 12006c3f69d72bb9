// Rules of validators, applied to a model that was just built.
import { EngineError, type Finding } from '#sdk'
import { joined } from '../joined.ts'
import type { Blueprint } from './build-model.ts'
import { createLeaf, type Part } from './part.ts'
import type { Parts } from './parts.ts'

/** Tells warnings as log events. Throws all errors that validators found, as one. */
export function validateModel(
  { env, experiment, columns }: Blueprint,
  { model, parameters }: Pick<Parts, 'model' | 'parameters'>,
): void {
  const args = { model: model.instance, parameters, columns }
  const errors = experiment.validators.flatMap((ref) => {
    const validator = createLeaf(env, 'validator', ref, {})
    const findings = validator.call('check', (it) => it.check(args))
    const isError = ({ severity }: Finding): boolean => severity === 'error'
    for (const { message } of findings.filter((finding) => !isError(finding)))
      env.emit('log', { level: 'warn', message: `${validator.label}: ${message}` })
    return findings.filter(isError).map((finding) => errorOf(finding, validator))
  })
  if (errors.length > 0) throw joined(errors)
}

const errorOf = ({ message, hint }: Finding, { label, plugin }: Part<unknown>): EngineError =>
  new EngineError({ code: 'model.invalid', message: `${label}: ${message}`, plugin, hint })
