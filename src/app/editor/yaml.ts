// YAML with completion, hover and format, from the schemas that the engine has of the open project.
import {
  configureMonacoYaml,
  type JSONSchema,
  type MonacoYaml,
  type MonacoYamlOptions,
} from 'monaco-yaml'
import { createWebWorker } from 'monaco-editor/internal/common/workers'
import { monaco } from './monaco.ts'
import type { YamlSchemas } from '../store/engine-slice.ts'
import { editorStore, type EditorState } from './state.ts'

/** Monaco as the package knows it: its workers are made by label, as those of Monaco's own languages are. */
const withWorkers = {
  ...monaco,
  editor: { ...monaco.editor, createWebWorker },
} as unknown as Parameters<typeof configureMonacoYaml>[0]

const optionsFor = (schemas: YamlSchemas): MonacoYamlOptions => ({
  schemas: Object.entries(schemas).map(([name, schema]) => ({
    uri: `schema://plugboard/${encodeURIComponent(name)}`,
    fileMatch: [`**/${name}`],
    schema: schema as JSONSchema,
  })),
  // The engine's own problems stand at their places already.
  validate: false,
  hoverSchemaSource: false,
  disableDefaultProperties: true,
  format: { printWidth: 100, singleQuote: true },
})

/** Takes each schema the engine tells; a worker begins when a YAML file is looked at. */
export function followYamlSchemas(): void {
  let yaml: MonacoYaml | undefined
  let known = ''
  const follow = ({ yamlSchemas }: Pick<EditorState, 'yamlSchemas'>): void => {
    // A change ends the worker, and most edits of a project change nothing here.
    const text = JSON.stringify(yamlSchemas)
    if (text === known || text === '{}') return
    known = text
    if (yaml) void yaml.update(optionsFor(yamlSchemas))
    else yaml = configureMonacoYaml(withWorkers, optionsFor(yamlSchemas))
  }
  follow(editorStore.getState())
  editorStore.subscribe((state, before) => {
    if (state.yamlSchemas !== before.yamlSchemas) follow(state)
  })
}
