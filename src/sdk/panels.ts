// Panels: views that plugins describe as data and the page draws.
import { z } from 'zod'
import type { PanelContent } from './panel-content.ts'

export const panelSpecSchema = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(100),
  /**
   * `chart`: lines of metrics by step. `text`: lines of text. `table`: rows of cells. `histogram`: how values are
   * spread, over time. `matrix`: heat maps. `scatter`: points, on a coloured ground if wanted. `images`: a grid.
   * `line`: curves of one's own. `bar`: bars by name. `graph`: nodes and arrows between them.
   */
  type: z.enum([
    'chart',
    'text',
    'table',
    'histogram',
    'matrix',
    'scatter',
    'images',
    'line',
    'bar',
    'graph',
  ]),
  /** Metrics a chart draws; a trailing `*` stands for any ending. */
  metrics: z.array(z.string().max(100)).max(50).optional(),
})
export type PanelSpec = z.output<typeof panelSpecSchema>

export interface PanelHandle {
  /** Replaces what the panel shows. Throws `contribution.contract` for what does not fit the panel's type. */
  show(content: PanelContent): void
}
