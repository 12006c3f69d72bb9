// An index of packages that can be browsed: a JSON file with facts of each, and where its archive lies.
import { z } from '#sdk'
import { PACKAGE_NAME } from './package-json.ts'

const text = z.string().max(2000)
const ranges = z.record(text, text).default({})

const listedSchema = z.object({
  name: z.string().max(214).regex(PACKAGE_NAME),
  version: z.string().max(100),
  description: text.default(''),
  author: text.optional(),
  license: text.optional(),
  keywords: z.array(text).max(50).default([]),
  plugins: z
    .array(z.object({ name: text, category: text.default('other'), description: text.default('') }))
    .max(100)
    .default([]),
  peerDependencies: ranges,
  /** Of the archive, relative to the index. */
  url: text,
  integrity: z.string().max(200).startsWith('sha512-'),
  sizeBytes: z.number().min(0).optional(),
})

/** Schema of an index. */
export const packageIndexSchema = z.object({
  plugboardIndex: z.literal(1),
  title: text.default(''),
  packages: z.array(listedSchema).max(5000),
})
export type PackageIndex = z.output<typeof packageIndexSchema>
export type ListedPackage = z.output<typeof listedSchema>
