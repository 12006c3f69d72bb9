// Every panel of the workbench by id: what it is called, its icon, what it draws.
import {
  Activity,
  Blocks,
  ChartLine,
  CircleAlert,
  CircleHelp,
  Code,
  Database,
  FileCog,
  Files,
  FlaskConical,
  Gauge,
  ListChecks,
  Network,
  type LucideIcon,
  PanelsTopLeft,
  SquareTerminal,
  Timer,
  WandSparkles,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { EditorPane } from '../editor/index.ts'
import { ArtefactViewer } from '../panels/artefacts/artefact-list.tsx'
import { ChartBoard, ChartsPanel } from '../panels/charts/charts-panel.tsx'
import { ProblemsPanel, useProblemCount } from '../panels/problems-panel.tsx'
import { CheckpointList, RunPanel } from '../panels/run-panel.tsx'
import { useTestCounts } from '../panels/tests/use-test-counts.ts'
import { useEngineView } from '../store/store.ts'
import { plural } from '../ui/format.ts'
import { late } from '../ui/late.tsx'
import { FileTree } from '../workspace/index.ts'

export interface PanelDefinition {
  title: string
  icon: LucideIcon
  component: ComponentType
}

const ConfigPanel = late(async () => (await import('../config-form/config-panel.tsx')).ConfigPanel)
const DataPanel = late(async () => (await import('../panels/data/data-panel.tsx')).DataPanel)
const HelpPanel = late(async () => (await import('../help/help-panel.tsx')).HelpPanel)
const ModelPanel = late(async () => (await import('../panels/model/model-panel.tsx')).ModelPanel)
const TryItPanel = late(async () => (await import('../panels/try-it/try-it-panel.tsx')).TryItPanel)
const TimelinePanel = late(
  async () => (await import('../panels/timeline/timeline-panel.tsx')).TimelinePanel,
)
const PluginsPanel = late(
  async () => (await import('../panels/plugins/plugins-panel.tsx')).PluginsPanel,
)
const PluginDetails = late(
  async () => (await import('../panels/plugins/plugin-details.tsx')).PluginDetails,
)
const ProfilerPanel = late(
  async () => (await import('../panels/profiler/profiler-panel.tsx')).ProfilerPanel,
)
const RunsPanel = late(async () => (await import('../runs/panel/runs-panel.tsx')).RunsPanel)
const TestsPanel = late(async () => (await import('../panels/tests/tests-panel.tsx')).TestsPanel)
const Console = late(async () => (await import('../commands/console.tsx')).Console)
export const PluginPanelView = late(
  async () => (await import('../panels/plugin-panel/plugin-panel-view.tsx')).PluginPanelView,
)

/** Fetches what a first sight does not need: later it is shown at once, and without a network. */
export async function loadPanels(): Promise<void> {
  const shown = [TimelinePanel, ChartBoard, PluginPanelView, DataPanel, ModelPanel, TryItPanel]
  const own = [PluginsPanel, PluginDetails, ConfigPanel, ProfilerPanel, TestsPanel, Console]
  const more = [RunsPanel, CheckpointList, HelpPanel, ArtefactViewer]
  const parts = [...shown, ...own, ...more]
  await Promise.allSettled(parts.map(({ load }) => load()))
}

export const PANELS = {
  files: { title: 'Files', icon: Files, component: FileTree },
  plugins: { title: 'Plugins', icon: Blocks, component: PluginsPanel },
  editor: { title: 'Editor', icon: Code, component: EditorPane },
  config: { title: 'Config', icon: FileCog, component: ConfigPanel },
  data: { title: 'Data', icon: Database, component: DataPanel },
  charts: { title: 'Charts', icon: ChartLine, component: ChartsPanel },
  model: { title: 'Model', icon: Network, component: ModelPanel },
  tryIt: { title: 'Try it', icon: WandSparkles, component: TryItPanel },
  run: { title: 'Run', icon: Gauge, component: RunPanel },
  runs: { title: 'Runs', icon: ListChecks, component: RunsPanel },
  problems: { title: 'Problems', icon: CircleAlert, component: ProblemsPanel },
  timeline: { title: 'Timeline', icon: Activity, component: TimelinePanel },
  profiler: { title: 'Profiler', icon: Timer, component: ProfilerPanel },
  tests: { title: 'Tests', icon: FlaskConical, component: TestsPanel },
  console: { title: 'Console', icon: SquareTerminal, component: Console },
  help: { title: 'Help', icon: CircleHelp, component: HelpPanel },
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
