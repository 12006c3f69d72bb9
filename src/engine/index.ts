// The headless engine.
export { createEngine } from './create-engine.ts'
export type { Engine, EngineOptions } from './engine.ts'
export { type GroupMember, MeetingPlace, type Message } from './group/index.ts'
export type { Device, Host, LaunchCounts } from './host.ts'
