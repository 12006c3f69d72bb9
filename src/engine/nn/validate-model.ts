// Rules of validators, and what plugins have to say, on a model that was just built.
import { EngineError, type Model, type SourceLocation } from '#sdk'
import { GraphModel } from '../graph/index.ts'
import { findings } from '../hooks/index.ts'
import { joined } from '../joined.ts'
import { type Blueprint, bodyOf } from './build-model.ts'
import { HeadedModel } from './headed-model.ts'
import { createLeaf, type Part } from './part.ts'
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
  for (const { severity, message, hint, module, by, plugin } of found) {
    const text = `${by} about ${model.label}: ${message}`
    const source = placeOf(model, module)
    if (severity === 'error')
      errors.push(new EngineError({ code: 'model.invalid', message: text, plugin, hint, source }))
    else env.log(plugin).warn(source ? `${source.file}:${source.line}: ${text}` : text)
  }
  if (errors.length > 0) throw joined(errors)
}

/** Where a model graph has the node of a module, or of one around it. */
function placeOf(model: Part<Model>, path: string | undefined): SourceLocation | undefined {
  const body = bodyOf(model)
  if (path === undefined || !(body instanceof GraphModel)) return undefined
  const isTopped = model.instance instanceof HeadedModel
  const inside = isTopped ? path.replace(/^model\./, '') : path
  return body.steps.find((step) => `${inside}.`.startsWith(`${step.path}.`))?.source
}
