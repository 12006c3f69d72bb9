// An engine with all that user modules can import.
import * as sdk from '#sdk'
import { Engine, type EngineOptions } from './engine.ts'
import { ModuleGraph, visibleTfjs } from './modules/index.ts'
import * as testkit from './testkit/index.ts'

const authorModules = {
  plugboard: sdk,
  'plugboard/testing': testkit,
  '@tensorflow/tfjs': visibleTfjs,
}

/** An engine with the given built-in plugins. Many can live side by side. */
export function createEngine(options: EngineOptions): Engine {
  return new Engine(options, () => new ModuleGraph(options.host.modules, authorModules))
}
