// Models as graphs of layers, written in models/*.yaml.
export { GraphModel } from './graph-model.ts'
export { isGraphPath, parseGraph } from './graph-file.ts'
export { graphManifest, graphPlugin, capabilitiesIn } from './graph-plugin.ts'
export { graphJsonSchema } from './json-schema.ts'
