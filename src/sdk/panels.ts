// Panels: views that plugins describe as data and the page draws.
import { z } from 'zod'

export const panelSpecSchema = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(100),
  /** `chart`: lines of metrics by step. `text`: lines of text. `table`: rows of cells. */
  type: z.enum(['chart', 'text', 'table']),
  /** Metrics a chart draws; a trailing `*` stands for any ending. */
  metrics: z.array(z.string().max(100)).max(50).optional(),
})
export type PanelSpec = z.output<typeof panelSpecSchema>

const cell = z.union([z.string().max(2000), z.number()])

export const panelContentSchema = z.union([
  z.strictObject({
    text: z.array(z.string().max(5000)).max(500),
    caption: z.string().max(500).optional(),
  }),
  z.strictObject({
    columns: z.array(z.string().max(200)).max(50),
    rows: z.array(z.array(cell).max(50)).max(500),
    caption: z.string().max(500).optional(),
  }),
])
/** Content of a text or table panel; charts draw the run's metrics. */
export type PanelContent = z.output<typeof panelContentSchema>

export interface PanelHandle {
  /** Replaces what the panel shows. */
  show(content: PanelContent): void
}
