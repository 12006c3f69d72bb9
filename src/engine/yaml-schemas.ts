// The JSON schemas of the files of a workspace that are YAML, as far as the open project is known.
import {
  type JsonSchema,
  jsonSchemaOf,
  pluginFileSchema,
  projectJsonSchema,
} from './config/index.ts'
import { graphJsonSchema } from './graph/index.ts'
import type { Core, Lifecycle } from './lifecycle/index.ts'

interface Component {
  name: string
  description: string
  config?: JsonSchema
}

/** By the names of the files. */
export function yamlSchemasOf(core: Core, lifecycle: Lifecycle): Record<string, JsonSchema> {
  const kinds = componentsOf(core, lifecycle)
  return {
    'plugboard.yaml': projectSchemaOf(lifecycle, kinds),
    'plugin.yaml': jsonSchemaOf(pluginFileSchema),
    'models/*.yaml': graphJsonSchema(kinds.get('layer') ?? []),
  }
}

type Components = ReadonlyMap<string, readonly Component[]>

/** With names and settings of all plugins and components. */
function projectSchemaOf({ units }: Lifecycle, kinds: Components): JsonSchema {
  const plugins = [...units.values()].map(({ name, definition, configSchema }) => ({
    name,
    description: definition.manifest.description,
    config:
      (configSchema as JsonSchema | undefined) ??
      (definition.schema && jsonSchemaOf(definition.schema)),
  }))
  return projectJsonSchema(plugins, kinds)
}

/** Contributions by kind, and those that manifests promise. */
function componentsOf({ registry }: Core, { units }: Lifecycle): Components {
  const kinds = new Map<string, Map<string, Component>>()
  const add = (kind: string, component: Component): void => {
    const known = kinds.get(kind) ?? new Map<string, Component>()
    known.set(component.name, component)
    kinds.set(kind, known)
  }
  for (const { definition } of units.values()) {
    const { provides, description } = definition.manifest
    for (const capability of provides) {
      const [kind, name] = capability.split('/') as [string, string | undefined]
      if (name !== undefined) add(kind, { name, description })
    }
  }
  for (const { kind, name, aliases, description } of registry.list()) {
    const config = jsonSchemaOf(registry.find(kind, name)!.schema)
    for (const each of [name, ...aliases]) add(kind, { name: each, description, config })
  }
  return new Map([...kinds].map(([kind, known]) => [kind, [...known.values()]]))
}
