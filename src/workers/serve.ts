// Puts an engine behind the sandbox's ports.
import { expose, transferHandlers } from 'comlink'
import type { EngineApi } from '#protocol'
import { errorInfo, type EventRecord } from '#sdk'
import { type Activity, reportActivity } from './activity.ts'

/** The worker's ends of the three ports, as public/sandbox.html hands them over. */
export interface SandboxPorts {
  rpc: MessagePort
  events: MessagePort
  activity: MessagePort
}

/** What the engine may use of its surroundings. */
export interface EngineHost extends Activity {
  /** Sends a batch of events to the page. */
  send(events: readonly EventRecord[]): void
}

const byDefault = transferHandlers.get('throw')
if (!byDefault) throw new Error("comlink has no 'throw' handler.")

transferHandlers.set('throw', {
  canHandle: byDefault.canHandle,
  serialize(thrown) {
    const { value } = thrown as { value: unknown }
    const stack = value instanceof Error ? value.stack : undefined
    return [{ ...errorInfo(value), stack }, []]
  },
  deserialize() {
    throw new TypeError('The engine takes no errors from the page.')
  },
})
transferHandlers.delete('proxy')

/** Serves what `create` builds until the sandbox ends. */
export function serve(
  { rpc, events, activity }: SandboxPorts,
  create: (host: EngineHost) => EngineApi,
): void {
  const send = (batch: readonly EventRecord[]) => events.postMessage(batch)
  expose(create({ ...reportActivity(activity), send }), rpc)
}
