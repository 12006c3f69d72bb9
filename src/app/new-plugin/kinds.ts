// The kinds of plugin as the dialog shows them: in groups, with pictures and the words that people look for.
import { type PluginKind, pluginKinds } from '#workspace'
import {
  Activity,
  AppWindow,
  ArrowDownToLine,
  ArrowLeftRight,
  Bell,
  Blocks,
  Columns3,
  Crosshair,
  Database,
  Eye,
  Gauge,
  GitBranch,
  ListOrdered,
  type LucideIcon,
  Network,
  Ruler,
  Share2,
  ShieldCheck,
  Sparkles,
  SquareFunction,
  SquareTerminal,
  Target,
  TextCursor,
  TrendingDown,
  WandSparkles,
} from 'lucide-react'

const groups = ['Around a run', 'Data', 'Model', 'Training', 'Result'] as const

type Group = (typeof groups)[number]

/** Group, picture, and other words for it. */
const looks: Readonly<Record<PluginKind, readonly [Group, LucideIcon, string]>> = {
  callback: ['Around a run', Bell, 'hook log early stopping print watch'],
  panel: ['Around a run', AppWindow, 'chart plot view visualisation'],
  command: ['Around a run', SquareTerminal, 'palette console'],
  service: ['Around a run', Share2, 'shared api store'],
  dataset: ['Data', Database, 'csv load examples'],
  feature: ['Data', Columns3, 'engineering derived'],
  tokenizer: ['Data', TextCursor, 'bpe vocabulary characters'],
  preprocessor: ['Data', WandSparkles, 'normalise scale transform'],
  augmenter: ['Data', Sparkles, 'augmentation noise flip shift'],
  sampler: ['Data', ListOrdered, 'shuffle batch curriculum'],
  model: ['Model', Network, 'network mlp cnn transformer architecture'],
  graph: ['Model', GitBranch, 'no code diagram'],
  head: ['Model', Target, 'classifier output'],
  layer: ['Model', Blocks, 'module nn block'],
  attention: ['Model', Eye, 'transformer gpt heads'],
  ffn: ['Model', SquareFunction, 'mlp feed-forward transformer gpt'],
  router: ['Model', ArrowLeftRight, 'mixture of experts moe gate'],
  loss: ['Training', TrendingDown, 'objective criterion cost'],
  strategy: ['Training', Crosshair, 'training step mixup distillation'],
  optimizer: ['Training', Gauge, 'adam sgd momentum'],
  schedule: ['Training', Activity, 'lr scheduler warmup decay'],
  metric: ['Training', Ruler, 'accuracy score evaluation'],
  exporter: ['Result', ArrowDownToLine, 'save download weights'],
  validator: ['Result', ShieldCheck, 'check limit budget'],
}

export interface KindChoice {
  readonly kind: PluginKind
  readonly group: Group
  /** What it is, in a few words. */
  readonly what: string
  /** All else that a search looks through, in lower case. */
  readonly words: string
  readonly icon: LucideIcon
}

/** All kinds, group by group; `sampleOf` says what the template of one does. */
export function kindChoices(sampleOf: (kind: PluginKind) => string): KindChoice[] {
  const all = Object.entries(pluginKinds).map(([name, what]) => {
    const kind = name as PluginKind
    const [group, icon, words] = looks[kind]
    const all = `${what} ${group} ${sampleOf(kind)} ${words}`.toLowerCase()
    return { kind, group, what, icon, words: all }
  })
  return groups.flatMap((group) => all.filter((choice) => choice.group === group))
}

/** How well a kind fits a word: best by its name, else by the beginning of any other word. */
function fitOf({ kind, words }: KindChoice, word: string): number {
  if (kind.startsWith(word)) return 3
  if (kind.includes(word)) return 2
  return words.split(/[^\p{L}\p{N}]+/u).some((each) => each.startsWith(word)) ? 1 : 0
}

/** The kinds that fit all words of `query`, the best first; all, in their order, where it is empty. */
export function kindsFor(choices: readonly KindChoice[], query: string): KindChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const rankOf = (choice: KindChoice): number =>
    words.reduce((sum, word) => {
      const fit = fitOf(choice, word)
      return fit === 0 ? -Infinity : sum + fit
    }, 0)
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice) }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ choice }) => choice)
}
