// The project file, manifests and schemas, with every problem at its place.
export { type FoundManifest, readManifests } from './manifest.ts'
export { formatPath } from './issues.ts'
export {
  type ConfigPlace,
  parseConfig,
  parseProject,
  PROJECT_FILE,
  type ProjectConfig,
  projectSchema,
} from './project.ts'
export { type Locate, parseYaml } from './yaml.ts'
