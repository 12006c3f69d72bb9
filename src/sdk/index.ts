// What plugin authors import as 'plugboard'.
export { z } from 'zod'
export { plugin, definePlugin, pluginSpec } from './plugin.ts'
export type {
  HookMethodOptions,
  HookMethods,
  LifecycleMethods,
  PluginBase,
  PluginClass,
  PluginInit,
  PluginInstance,
  PluginSpec,
} from './plugin.ts'
export { manifestSchema } from './manifest.ts'
export type { Manifest, ManifestInput } from './manifest.ts'
export { after, before, condition, every } from './conditions.ts'
export type { Condition, Counter } from './conditions.ts'
export { builtinHooks, runHooks } from './hooks.ts'
export type * from './hooks.ts'
export { defineCommand } from './command.ts'
export type * from './command.ts'
export { builtinKinds } from './kinds.ts'
export type * from './kinds.ts'
export type * from './data-kinds.ts'
export type * from './model-kinds.ts'
export type * from './context.ts'
export type * from './data.ts'
export type * from './run.ts'
export * from './core-services.ts'
export { ProcessGroup } from './process-group.ts'
export { defineService } from './services.ts'
export type {
  Injections,
  ServiceKey,
  ServiceLifetime,
  ServiceOptions,
  Services,
  Wirable,
  Wired,
} from './services.ts'
export { panelSpecSchema } from './panels.ts'
export type { PanelHandle, PanelSpec } from './panels.ts'
export { panelContentSchema, panelContentSchemas } from './panel-content.ts'
export type { PanelContent, PanelNumbers, ShownContent } from './panel-content.ts'
export {
  componentOf,
  componentSchema,
  experimentSchema,
  optimizerOf,
  trainingSchema,
} from './experiment.ts'
export type { ComponentRef, ExperimentConfig } from './experiment.ts'
export {
  buffer,
  buffersOf,
  buildModule,
  constant,
  disposeModule,
  init,
  isModule,
  Module,
  modulesOf,
  parameter,
  parameterCount,
  parametersOf,
} from './module.ts'
export type { ForwardContext, Initializer } from './module.ts'
export { improves, monitorSettings } from './monitor.ts'
export { StatefulOptimizer } from './optimizer.ts'
export { groupSettings, ParameterGroups } from './optimizer-groups.ts'
export type { DecayDefaults, GroupSettings, Member } from './optimizer-groups.ts'
export {
  createRandom,
  keyBelow,
  keyRecipe,
  type KeyRecipe,
  type MovableRandom,
  Random,
  type RandomPosition,
  stepRandom,
} from './random.ts'
export {
  readMetadata,
  readSafetensors,
  type StoredTensors,
  writeSafetensors,
} from './safetensors.ts'
export { floatsOf, type StoredDtype, storedDtypes, storedTensor } from './stored-tensor.ts'
export type { StoredTensor } from './stored-tensor.ts'
export { parseJson } from './parse-json.ts'
export { graphYaml } from './graph-yaml.ts'
export type { GraphNode, GraphSpec } from './graph-yaml.ts'
export { inverseAxes, permuteAxes, torchAxesOf } from './torch-layout.ts'
export type { TorchAxes } from './torch-layout.ts'
export type { Exporter, ImportedWeights, ModelFile, TrainedModel } from './exporter.ts'
export { EngineError, errorInfo, isEngineError } from './errors.ts'
export type {
  EngineErrorInit,
  ErrorCode,
  ErrorInfo,
  SourceLocation,
  StackFrame,
  ValueIssue,
} from './errors.ts'
export { gunzip } from './gunzip.ts'
export { hiddenState, type HidesState } from './hidden-state.ts'
export { copied, copying, extended, noteRead, notingReads, withNoted } from './step-reads.ts'
export { readIdx } from './idx.ts'
export type { Idx } from './idx.ts'
export { mapNumbers, numbersIn, rowSize, seriesIn, textsIn } from './columns.ts'
export { placeOfRow, selectRows } from './rows.ts'
export { fallback, retry } from './retry.ts'
export type { RetryOptions } from './retry.ts'
export * as nn from './nn/index.ts'
export * as text from './text/index.ts'
export * from './table/index.ts'
export * from './images/index.ts'
