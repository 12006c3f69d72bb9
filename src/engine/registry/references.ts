// Where components are named: the kinds an experiment asks for, and the places of references in configs.
import {
  componentOf,
  type ComponentRef,
  componentSchema,
  type ExperimentConfig,
  type KindName,
  optimizerOf,
} from '#sdk'
import type { Locate } from '../config/index.ts'

/** A parsed config and its path in the project file. */
export interface ComponentPlace {
  readonly value: unknown
  readonly path: readonly PropertyKey[]
  /** Places in the file that has it, where that is not the project file. */
  readonly locate?: Locate | undefined
  /** Key beside the settings of a component that names it, in such a file. */
  readonly nameKey?: string | undefined
  /** The value is the reference itself, not a config that holds it. */
  readonly isReference?: boolean
}

/** A component that an experiment names, where the reference stands. */
export interface NamedComponent {
  kind: KindName
  ref: ComponentRef
  path: readonly PropertyKey[]
  /** Named in the config of another, where a text may as well be something else. */
  isNested?: boolean
}

/** The components an experiment names, with their paths in the project file. */
function componentsOf(experiment: ExperimentConfig): NamedComponent[] {
  const { training } = experiment
  const at = (
    kind: KindName,
    ref: ComponentRef | undefined,
    ...path: PropertyKey[]
  ): NamedComponent[] => (ref === undefined ? [] : [{ kind, ref, path: ['experiment', ...path] }])
  const each = (kind: KindName, refs: readonly ComponentRef[], ...path: PropertyKey[]) =>
    refs.flatMap((ref, i) => at(kind, ref, ...path, i))
  return [
    ...at('dataset', experiment.dataset, 'dataset'),
    ...each('feature', experiment.features, 'features'),
    ...each('augmenter', experiment.augment, 'augment'),
    ...at('tokenizer', experiment.tokenizer, 'tokenizer'),
    ...each('preprocessor', experiment.preprocess, 'preprocess'),
    ...at('model', experiment.model, 'model'),
    ...at('head', experiment.head, 'head'),
    ...at('exporter', formatOf(experiment), 'init_from', 'format'),
    ...each('validator', experiment.validators, 'validators'),
    ...at('sampler', training.sampler, 'training', 'sampler'),
    ...at('strategy', training.strategy, 'training', 'strategy'),
    ...at('optimizer', optimizerOf(training), 'training', 'optimizer'),
    ...at('loss', training.loss, 'training', 'loss'),
    ...at('schedule', training.schedule, 'training', 'schedule'),
    ...each('metric', training.metrics, 'training', 'metrics'),
  ]
}

const formatOf = ({ init_from: from }: ExperimentConfig): ComponentRef | undefined =>
  typeof from === 'object' ? from.format : undefined

/** The components a config names: values whose key is a kind, as in `attention: full`. */
export function* nestedComponents(
  config: unknown,
  isKind: (key: string) => boolean,
  path: readonly PropertyKey[],
): Generator<NamedComponent> {
  if (typeof config !== 'object' || config === null) return
  for (const [key, value] of Object.entries(config)) {
    const at = [...path, key]
    const refs: [unknown, PropertyKey[]][] = Array.isArray(value)
      ? value.map((item, i) => [item, [...at, i]])
      : [[value, at]]
    for (const [ref, place] of isKind(key) ? refs : []) {
      const { success, data } = componentSchema.safeParse(ref)
      if (success) yield { kind: key as KindName, ref: data, path: place, isNested: true }
    }
    yield* nestedComponents(value, isKind, at)
  }
}

/** The components an experiment names, and those that their configs name. */
export function allComponentsOf(
  experiment: ExperimentConfig,
  isKind: (key: string) => boolean,
): NamedComponent[] {
  return componentsOf(experiment).flatMap((named) => {
    const { config } = componentOf(named.ref)
    return [named, ...nestedComponents(config, isKind, [...named.path, 'config'])]
  })
}

/**
 * Capabilities an experiment needs. A loss that it leaves out is needed as the default of its kind, which a
 * manifest promises by the bare name of the kind (`provides: ['loss']`).
 */
export function capabilitiesOf(
  experiment: ExperimentConfig,
  isKind: (key: string) => boolean,
): string[] {
  const named = allComponentsOf(experiment, isKind).map(
    ({ kind, ref }) => `${kind}/${componentOf(ref).name}`,
  )
  return experiment.training.loss === undefined ? [...named, 'loss'] : named
}

/** Path in the project file of a reference found in `place`: by identity, under a key of its kind first. */
export function pathOf(
  place: ComponentPlace,
  kind: string,
  ref: ComponentRef | undefined,
): readonly PropertyKey[] {
  if (place.isReference || ref === undefined) return place.path
  const found = pathsTo(place.value, ref)
  // `preprocess` holds preprocessors, `metrics` a list of metrics.
  const isFor = (key: PropertyKey): boolean =>
    typeof key === 'string' && (key.startsWith(kind) || kind.startsWith(key))
  const named = found.find((path) => path.some(isFor))
  return [...place.path, ...(named ?? found[0] ?? [])]
}

/** Whether the project file names it: a reference may also stand in a plugin's code. */
export const isWritten = (place: ComponentPlace, ref: ComponentRef | undefined): boolean =>
  place.isReference === true ||
  (ref === undefined ? place.path[0] === 'experiment' : pathsTo(place.value, ref).length > 0)

/** Path of the config that goes with such a reference. */
export function configPathOf(
  place: ComponentPlace,
  kind: string,
  ref: ComponentRef | undefined,
): readonly PropertyKey[] {
  const path = pathOf(place, kind, ref)
  return typeof ref === 'object' ? [...path, 'config'] : path
}

function pathsTo(value: unknown, wanted: ComponentRef): PropertyKey[][] {
  if (value === wanted) return [[]]
  if (typeof value !== 'object' || value === null) return []
  const entries: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value)
  return entries.flatMap(([key, child]) => pathsTo(child, wanted).map((path) => [key, ...path]))
}
