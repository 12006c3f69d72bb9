// Manifests read from the syntax tree of compiled code: constants only, nothing is run.
import type { CallExpression } from 'acorn'
import { EngineError, type Manifest, manifestSchema, type SourceLocation } from '#sdk'
import { type ParsedModule, visit } from '../modules/index.ts'
import { ConstantReader, NotConstant, propertyOf } from './constants.ts'
import { issuesOf } from './issues.ts'
import { type PluginFile, saidTwice } from './plugin-file.ts'

interface FoundManifest {
  manifest: Manifest
  source: SourceLocation
}

const MAKERS = new Set(['plugin', 'definePlugin'])

/** Calls of `plugin` and `definePlugin` as this module has imported them. */
function makerCalls({ program }: ParsedModule): CallExpression[] {
  const locals = new Set<string>()
  const namespaces = new Set<string>()
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration' || node.source.value !== 'plugboard') continue
    for (const specifier of node.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') namespaces.add(specifier.local.name)
      else if (specifier.type === 'ImportSpecifier') {
        const { imported } = specifier
        if (imported.type === 'Identifier' && MAKERS.has(imported.name))
          locals.add(specifier.local.name)
      }
    }
  }
  const calls: CallExpression[] = []
  visit(program.body, (node) => {
    if (node.type !== 'CallExpression') return
    const { callee } = node as CallExpression
    const isMaker =
      (callee.type === 'Identifier' && locals.has(callee.name)) ||
      (callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        namespaces.has(callee.object.name) &&
        callee.property.type === 'Identifier' &&
        MAKERS.has(callee.property.name))
    if (isMaker) calls.push(node as CallExpression)
  })
  return calls
}

/**
 * The manifests of all plugins that a module defines, in source order. Every problem is located in the
 * user's file; a module that defines no plugin gives neither. Beside a plugin.yaml, `file`, it must have none.
 */
export function readManifests(
  parsed: ParsedModule,
  file?: PluginFile,
): {
  manifests: FoundManifest[]
  problems: EngineError[]
} {
  const reader = new ConstantReader(parsed)
  const manifests: FoundManifest[] = []
  const problems: EngineError[] = []
  const { path: place } = parsed.module
  for (const call of makerCalls(parsed)) {
    const argument = call.arguments[0]
    const spec = argument && argument.type !== 'SpreadElement' ? reader.follow(argument) : undefined
    const written =
      spec?.type === 'ObjectExpression' ? propertyOf(spec, 'manifest')?.value : undefined
    if (file) {
      if (written) problems.push(saidTwice('manifest', file, parsed.locationOf(written)))
      continue
    }
    if (!written) {
      problems.push(
        new EngineError({
          code: 'manifest.missing',
          message: `a plugin in ${place} has no manifest that can be read without running it`,
          source: parsed.locationOf(call),
          hint: 'write it as an object literal, `plugin({ manifest: { name: …, version: … } })`, or as a plugin.yaml beside the code',
        }),
      )
      continue
    }
    try {
      const result = manifestSchema.safeParse(reader.read(written))
      if (result.success) {
        manifests.push({
          manifest: result.data,
          source: parsed.locationOf(reader.nodeAt(written, ['name'])),
        })
        continue
      }
      for (const { path, message, hint } of issuesOf(
        result.error,
        reader.read(written),
        manifestSchema,
      )) {
        problems.push(
          new EngineError({
            code: 'manifest.invalid',
            message: `manifest in ${place}: ${message}`,
            source: parsed.locationOf(reader.nodeAt(written, path)),
            hint,
          }),
        )
      }
    } catch (thrown) {
      if (!(thrown instanceof NotConstant)) throw thrown
      problems.push(
        new EngineError({
          code: 'manifest.invalid',
          message: `the manifest in ${place} is computed, but it must be known without running code`,
          source: parsed.locationOf(thrown.node),
          hint: 'use literals here, or names of constants at the top of this file',
        }),
      )
    }
  }
  return { manifests, problems }
}
