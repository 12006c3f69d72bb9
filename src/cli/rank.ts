// A thread with one engine of a run on several: trains as rank 0 does, and says only how it ended.
import { Console } from 'node:console'
import { parentPort, workerData } from 'node:worker_threads'
import type { GroupMember } from '#engine'
import { isEngineEvent } from '#protocol'
import { EngineError, type ErrorInfo, z } from '#sdk'
import { openChecked } from './checked.ts'
import { problemsOf } from './problems.ts'
import type { FromRank, RankInit, ToRank } from './ranks.ts'

// As in the page, where generated code is forbidden.
z.config({ jitless: true })
globalThis.console = new Console(process.stderr)

const { files, device, rank, worldSize } = workerData as RankInit
const say = (message: FromRank): void => parentPort!.postMessage(message)

const meetings: { resolve: (values: unknown[]) => void; reject: (error: unknown) => void }[] = []
parentPort!.on('message', (reply: ToRank) => {
  const { resolve, reject } = meetings[reply.met]!
  if ('error' in reply) reject(new EngineError(reply.error))
  else resolve(reply.values)
})
const group: GroupMember = {
  rank,
  worldSize,
  meet: (channel, message) =>
    new Promise((resolve, reject) => {
      say({ meet: meetings.push({ resolve, reject }) - 1, channel, message })
    }),
}

try {
  let end: (errors: readonly ErrorInfo[]) => void = () => undefined
  const ended = new Promise<readonly ErrorInfo[]>((resolve) => (end = resolve))
  const { engine } = await openChecked(files, {
    device,
    group,
    onEvent(event) {
      if (!isEngineEvent(event) || event.type !== 'run.state') return
      const { state, error } = event.data
      if (state === 'ended') end(error ? [error] : [])
    },
  })
  await engine.startRun()
  say({ ended: await ended })
} catch (thrown) {
  say({ ended: problemsOf(thrown).problems })
}
