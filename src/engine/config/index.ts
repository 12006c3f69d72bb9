// The project file, manifests and schemas, with every problem at its place.
export { readManifests } from './manifest.ts'
export { formatPath } from './issues.ts'
export { parseConfig, parseProject, type ProjectConfig, projectSchema } from './project.ts'
export { isOnIn, type ValueSchedule } from './schedules.ts'
export { type Locate, parseYaml } from './yaml.ts'
