// The project file, manifests and schemas, with every problem at its place.
export { readManifests } from './manifest.ts'
export {
  jsonSchemaOf,
  type JsonSchema,
  moved,
  type Named,
  projectJsonSchema,
} from './json-schema.ts'
export { formatPath, issuesOf } from './issues.ts'
export {
  type Logging,
  parseConfig,
  parseProject,
  type ProjectConfig,
  projectSchema,
  settingPath,
} from './project.ts'
export { parsePackageFile } from './package-file.ts'
export { parsePluginFile, type PluginFile, pluginFileSchema, saidTwice } from './plugin-file.ts'
export { defaultsSchema, schemaOfDefaults } from './settings.ts'
export { isOnIn, type ValueSchedule } from './schedules.ts'
export { strict } from './strict.ts'
export { type Locate, parseYaml } from './yaml.ts'
