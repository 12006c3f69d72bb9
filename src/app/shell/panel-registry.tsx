// Every panel of the workbench by id: what it is called, its icon, what it draws.
import {
  Activity,
  Blocks,
  ChartLine,
  CircleAlert,
  Code,
  Database,
  Files,
  FlaskConical,
  Gauge,
  Network,
  type LucideIcon,
  PanelsTopLeft,
  SquareTerminal,
  WandSparkles,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { EditorPane } from '../editor/index.ts'
import { ChartsPanel } from '../panels/charts/charts-panel.tsx'
import { Console } from '../commands/console.tsx'
import { ModelPanel } from '../panels/model/model-panel.tsx'
import { DataPanel } from '../panels/data/data-panel.tsx'
import { PluginsPanel } from '../panels/plugins/plugins-panel.tsx'
import { ProblemsPanel, useProblemCount } from '../panels/problems-panel.tsx'
import { RunPanel } from '../panels/run-panel.tsx'
import { TestsPanel, useTestCounts } from '../panels/tests/tests-panel.tsx'
import { TimelinePanel } from '../panels/timeline-panel.tsx'
import { TryItPanel } from '../panels/try-it/try-it-panel.tsx'
import { useEngineView } from '../store/store.ts'
import { plural } from '../ui/format.ts'
import { FileTree } from '../workspace/index.ts'

export interface PanelDefinition {
  title: string
  icon: LucideIcon
  component: ComponentType
}

export const PANELS = {
  files: { title: 'Files', icon: Files, component: FileTree },
  plugins: { title: 'Plugins', icon: Blocks, component: PluginsPanel },
  editor: { title: 'Editor', icon: Code, component: EditorPane },
  data: { title: 'Data', icon: Database, component: DataPanel },
  charts: { title: 'Charts', icon: ChartLine, component: ChartsPanel },
  model: { title: 'Model', icon: Network, component: ModelPanel },
  tryIt: { title: 'Try it', icon: WandSparkles, component: TryItPanel },
  run: { title: 'Run', icon: Gauge, component: RunPanel },
  problems: { title: 'Problems', icon: CircleAlert, component: ProblemsPanel },
  timeline: { title: 'Timeline', icon: Activity, component: TimelinePanel },
  tests: { title: 'Tests', icon: FlaskConical, component: TestsPanel },
  console: { title: 'Console', icon: SquareTerminal, component: Console },
} satisfies Record<string, PanelDefinition>

export type PanelId = keyof typeof PANELS

/** Panels of plugins that are tabs of their own; charts are drawn among the charts. */
export const PLUGIN_PANEL = 'plugin:'
export const PLUGIN_PANEL_ICON = PanelsTopLeft

/** Number to show beside a panel's title, and what it counts. */
export interface PanelCount {
  count: number
  isDanger: boolean
  /** In words, for those who don't see its colour. */
  title: string
}

export function usePanelCount(id: string): PanelCount | undefined {
  const problems = useProblemCount()
  const { total, failed } = useTestCounts()
  if (id === 'problems' && problems > 0)
    return { count: problems, isDanger: true, title: plural(problems, 'problem') }
  if (id !== 'tests' || total === 0) return undefined
  return failed > 0
    ? { count: failed, isDanger: true, title: `${plural(failed, 'test')} failed` }
    : { count: total, isDanger: false, title: plural(total, 'test') }
}

/** Id and title of each text and table panel, joined so that the value changes only when one of them does. */
export function usePluginPanels(): { id: string; title: string }[] {
  const joined = useEngineView(({ panels }) =>
    JSON.stringify(
      Object.values(panels)
        .filter(({ spec }) => spec.type !== 'chart')
        .map(({ spec }) => ({ id: PLUGIN_PANEL + spec.id, title: spec.title })),
    ),
  )
  return JSON.parse(joined) as { id: string; title: string }[]
}
