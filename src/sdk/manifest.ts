// What a plugin says about itself before any of its code runs.
import { z } from 'zod'

const SEMVER = /^\d+\.\d+\.\d+(?:[-+][\w.-]+)?$/
const NAME = /^[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*$/

const requirements = z
  .record(z.string(), z.string())
  .describe(
    'what must be there, by `plugin:<name>`, `kind:<kind>`, a capability or a host library, with a version range',
  )

/** Schema of a manifest; the input side is what authors write. */
export const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(
      NAME,
      'a name has lower-case letters, digits, "_" or "-", and may be namespaced with dots',
    )
    .max(100)
    .describe('unique name of the plugin'),
  version: z
    .string()
    .regex(SEMVER, 'a version has the form 1.2.3')
    .max(100)
    .describe('semantic version'),
  description: z.string().default('').describe('one sentence for the plugin list'),
  author: z.string().optional().describe('who wrote it'),
  license: z.string().optional().describe('SPDX licence name'),
  category: z.string().default('other').describe('where lists sort it: model, dataset, callback …'),
  tags: z.array(z.string()).default([]).describe('words to find it by'),
  priority: z.number().default(0).describe('default priority of its hooks; higher runs first'),
  requires: requirements.default({}),
  optional: requirements.default({}),
  conflicts: z
    .array(z.string().regex(NAME, 'a conflict is the name of a plugin, without `plugin:`'))
    .default([])
    .describe('plugins it cannot run beside'),
  provides: z.array(z.string()).default([]).describe('capabilities it offers, such as `model/gpt`'),
  engine: z.string().optional().describe('range of engine versions it works with'),
})

/** A complete manifest, defaults filled in. */
export type Manifest = z.output<typeof manifestSchema>
/** A manifest as authors write it. */
export type ManifestInput = z.input<typeof manifestSchema>
