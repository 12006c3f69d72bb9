// What is stored of a workspace beside its files, and how stored records are checked: others may have written them.
import { z } from '#sdk'
import type { FileContent } from '#workspace'

const originSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('example'), example: z.string() }),
  z.object({
    kind: z.literal('link'),
    /** Where else it came from: a host, a zip. */
    from: z.string().optional(),
    /** What its sender says of a run. */
    summary: z.string().optional(),
  }),
])

const entrySchema = z.object({
  id: z.string(),
  name: z.string(),
  origin: originSchema,
  createdAt: z.number(),
  openedAt: z.number(),
  tabs: z.array(z.string()),
  active: z.string().nullable(),
})

/** Where a workspace came from. Code `from link` was written by somebody else. */
export type WorkspaceOrigin = z.output<typeof originSchema>

/** A stored workspace, without its files. Times are in ms since the epoch. */
export interface WorkspaceEntry extends Omit<z.output<typeof entrySchema>, 'tabs'> {
  tabs: readonly string[]
}

export const isEntry = (record: unknown): record is WorkspaceEntry =>
  entrySchema.safeParse(record).success

export const isContent = (content: unknown): content is FileContent =>
  typeof content === 'string' || content instanceof Uint8Array
