// The messages between page and engine.
export type * from './project.ts'
export {
  deviceSchema,
  errorSchema,
  eventSchemas,
  failureCauses,
  isEngineEvent,
  MAX_DEPTH,
  MAX_EVENTS_PER_BATCH,
  MAX_NAME,
  MAX_PIECES,
  MAX_REPEAT_REASONS,
  MAX_TEXT,
  measuredSchema,
  parseEvents,
  pluginStates,
  runStates,
  stepPhases,
  testReportSchema,
} from './events.ts'
export type {
  EngineEvent,
  EventData,
  EventSchemas,
  EventType,
  FailureCause,
  PluginState,
  RunState,
  StepPhase,
} from './events.ts'
export {
  commandsSchema,
  inspectionSchema,
  modelFilesSchema,
  modelGraphSchema,
  pluginInfoSchema,
  projectReportSchema,
  testFilesSchema,
} from './api.ts'
export type { ModelGraph, ModelNode } from './api.ts'
export type {
  CheckpointSource,
  EngineApi,
  Inspection,
  LifecycleStep,
  PluginInfo,
  ProfileOptions,
  ProjectReport,
  RunAction,
  RunOptions,
  TestFile,
  TestInfo,
  TestPlace,
  TestReport,
  TestSelection,
} from './api.ts'
export { MAX_CLASSES, MAX_INPUTS, predictFormSchema, predictionSchema } from './predict.ts'
export type {
  InputForm,
  InputValue,
  Prediction,
  PredictForm,
  PredictOptions,
  PredictResult,
} from './predict.ts'
