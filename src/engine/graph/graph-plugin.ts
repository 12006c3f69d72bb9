// The plugin that a file of models/ is: it provides its model, and goes through lifecycle and reload as any other.
import { builtinKinds, componentOf, type ModelEnv, plugin, type PluginClass } from '#sdk'
import { markWritten, nestedComponents } from '../registry/index.ts'
import { buildGraph } from './build-graph.ts'
import type { GraphFile } from './graph-file.ts'
import { needsColumns, planGraph, type Plan, type Step } from './plan.ts'

type Config = Record<string, unknown>

/** Manifest of the plugin; `requires` are capabilities that other plugins promise. */
export function graphManifest({ name, value }: GraphFile, requires: readonly string[]) {
  const { description, version } = value
  return {
    name: `models.${name}`,
    version,
    category: 'model',
    description,
    tags: ['graph'],
    provides: [`model/${name}`],
    requires: Object.fromEntries(requires.map((capability) => [capability, '*'])),
  }
}

export function graphPlugin(file: GraphFile, requires: readonly string[]): PluginClass {
  // The plan of a config: the references in it are found by identity while its layers are built.
  const plans = new WeakMap<Config, Plan>()
  const planOf = (config: Config): Plan => {
    const plan = plans.get(config) ?? planGraph(file, config)
    plans.set(config, plan)
    return plan
  }
  const written = (config: unknown) => {
    const { written: value, steps } = planOf(config as Config)
    const line = ({ node: { path } }: Step): number => file.locate(path).line
    const refs = new Map(
      steps.toSorted((a, b) => line(a) - line(b)).map(({ ref, node }) => [ref, node]),
    )
    const components = (isKind: (kind: string) => boolean) =>
      [...refs].flatMap(([ref, { path }]) => [
        { kind: 'layer' as const, ref, path, isPartial: needsColumns(ref) },
        ...[...nestedComponents(ref.config, isKind, [...path, 'config'])].map((nested) => {
          return { ...nested, isPartial: false }
        }),
      ])
    return { value, locate: file.locate, nameKey: 'layer', components }
  }
  return class extends plugin({ manifest: graphManifest(file, requires) }) {
    initialize(): void {
      const create = (config: Config, env: ModelEnv) => {
        const plan = planOf(config)
        for (const { name, path } of plan.unused) {
          const { line } = file.locate(path)
          this.ctx.log.warn(
            `${file.path}:${line}: no output needs node \`${name}\`: it is left out`,
          )
        }
        return buildGraph(file, plan, env)
      }
      this.ctx.provide('model', file.name, markWritten(create, written), {
        config: file.schema as never,
        description: file.value.description,
      })
    }
  }
}

/** What a graph needs: its layers, and what their settings name. */
export function capabilitiesIn({ nodes }: Pick<GraphFile, 'nodes'>): string[] {
  const isKind = (key: string): boolean => Object.hasOwn(builtinKinds, key)
  return nodes.flatMap(({ layer, config, nodes: inner }) => [
    ...(layer === undefined ? [] : [`layer/${layer}`]),
    ...[...nestedComponents(config, isKind, [])].map(
      ({ kind, ref }) => `${kind}/${componentOf(ref).name}`,
    ),
    ...capabilitiesIn({ nodes: inner ?? [] }),
  ])
}
