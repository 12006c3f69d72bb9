// What authors import as 'plugboard/testing'.
export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  test,
  test as it,
  type Describe,
  type Test,
} from './collect.ts'
export { expect } from './expect.ts'
export { fn, type Mock, spyOn } from '@vitest/spy'
export { createTestEngine } from './test-engine.ts'
export type { TestEngine, TestEngineOptions, TestRun } from './test-engine.ts'
export { createTestContainer, type TestContainer } from './test-container.ts'
export { createTestBus, type TestBus } from './test-bus.ts'
export { EventLog } from './event-log.ts'
export { createFakeClock, type FakeClock } from './fake-clock.ts'
export { checkGradientFlow, checkGradients } from './gradients.ts'
export type { CheckOptions, FlowOptions, GradientOptions } from './gradients.ts'
export { measure, type Measurement } from './measure.ts'
export { lineExperiment, linePlugin, lineRows } from './line.ts'
export { testPlugin, type TestPluginOptions } from './test-plugin.ts'
