// Several engines on one experiment.
export { MeetingPlace } from './meeting-place.ts'
export { alone, type GroupMember, type Message } from './member.ts'
export { processGroup } from './process-group.ts'
