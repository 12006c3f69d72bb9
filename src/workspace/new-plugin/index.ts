// Plugins from templates: loaded when one is to be made.
export { planPlugin, type PluginPlan, planProblem, type PluginRequest } from './plan.ts'
export { isPluginName, namesOf, nameOfFile } from './names.ts'
export { pluginTexts, sampleOf } from './texts.ts'
