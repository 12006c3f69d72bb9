// From the real engine into the page's view: every point and every event, in the order they happened.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { parseEvents } from '#protocol'
import { type EventRecord, type HookArgs, plugin, type PluginClass } from 'plugboard'
import { createTestEngine, linePlugin, lineExperiment, type TestEngine } from 'plugboard/testing'
import { beforeAll, expect, test } from 'vitest'
import { createEngineStore, type EngineStore } from './store.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** What the engine told its plugins, as it happened. */
interface Told {
  readonly points: { step: number; loss: number }[]
  readonly events: string[]
}

const EPOCHS = 75
const STEPS = EPOCHS * 4

/** Takes notes at the source, logs, and emits events of its own at a rate that no page could draw. */
function recorder(told: Told): PluginClass {
  return class extends plugin({ manifest: { name: 'recorder', version: '1.0.0' } }) {
    onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
      told.points.push({ step, loss: metrics['loss']! })
      this.ctx.events.emit('recorder.saw' as never, { step } as never)
      told.events.push(`recorder.saw ${step}`)
    }
  }
}

class Bystander extends plugin({ manifest: { name: 'bystander', version: '1.0.0' } }) {
  onEpochEnd() {}
}

/** A page behind a port: it gets copies, checked, in the batches that were sent, when it reads. */
function pageOf(store: EngineStore) {
  const { port1, port2 } = new MessageChannel()
  return {
    send: (batch: readonly EventRecord[] | 'end') => port1.postMessage(batch),
    /** Reads from here on, until the end. */
    read: () =>
      new Promise<void>((resolve) => {
        port2.addEventListener('message', ({ data }) => {
          if (data !== 'end') return store.receive(parseEvents(data))
          port2.close()
          resolve()
        })
        port2.start()
      }),
  }
}

/** Sends what is new, again and again, until `isOver`. */
async function pump(
  engine: TestEngine,
  send: (batch: readonly EventRecord[]) => void,
  isOver: () => boolean,
): Promise<void> {
  let sent = 0
  for (let isLast = false; !isLast;) {
    isLast = isOver()
    const batch = engine.events.all().slice(sent)
    sent += batch.length
    if (batch.length > 0) send(batch)
    await new Promise((next) => setTimeout(next))
  }
}

test('[W07] a fast run arrives whole and in order, live and in a page that read nothing for a while', async () => {
  const told: Told = { points: [], events: [] }
  const engine = await createTestEngine({
    plugins: [linePlugin, recorder(told), Bystander],
    config: { experiment: lineExperiment({ training: { epochs: EPOCHS, batch_size: 8 } }) },
  })
  await engine.up()
  const stores = [createEngineStore(), createEngineStore()] as const
  const [live, late] = stores.map(pageOf)
  const seenLive: number[] = []
  const liveEnd = live!.read()
  stores[0].subscribe(({ run }) => seenLive.push(run.current?.series['loss']?.length ?? 0))

  let isOver = false
  const run = engine.run().finally(() => (isOver = true))
  const midway = (async () => {
    // A mark stands where the curves of the page end, which get their points a little late.
    while (seenLive.every((length) => length < 60)) await new Promise((next) => setTimeout(next))
    await engine.step('bystander', 'stop')
    await engine.step('bystander', 'start')
  })()
  const both = (batch: readonly EventRecord[]) => (live!.send(batch), late!.send(batch))
  await Promise.all([pump(engine, both, () => isOver), run, midway])
  live!.send('end')
  late!.send('end')
  await Promise.all([liveEnd, late!.read()])

  const steps = Array.from({ length: STEPS }, (_, i) => i + 1)
  expect(told.points.map(({ step }) => step)).toEqual(steps)
  for (const store of stores) {
    const { run: view, timeline } = store.getState()
    const { length, steps: at, values, epochs, times } = view.current!.series['loss']!
    expect([...at.subarray(0, length)]).toEqual(steps)
    expect([...values.subarray(0, length)]).toEqual(told.points.map(({ loss }) => loss))
    expect([...epochs.subarray(0, length)]).toEqual(steps.map((step) => Math.ceil(step / 4)))
    const elapsed = [...times.subarray(0, length)]
    expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b))
    expect(view.current!.series['val_loss']!.length).toBe(EPOCHS)

    const marks = view.current!.marks.map(({ label, step }) => ({ label, step }))
    expect(marks.map(({ label }) => label)).toEqual(['bystander stopped', 'bystander enabled'])
    expect(marks[0]!.step).toBeGreaterThanOrEqual(60)

    // All that was emitted, but for the streams that have places of their own.
    const streams = new Set(['run.metrics', 'run.progress', 'log'])
    const emitted = engine.events.all().filter(({ type }) => !streams.has(type))
    expect(timeline.total).toBe(emitted.length)
    const kept = timeline.items.map(({ seq }) => seq)
    expect(kept).toEqual(emitted.slice(-kept.length).map(({ seq }) => seq))
    const seen = timeline.items.flatMap(({ type, data }) =>
      type === 'recorder.saw' ? [`${type} ${(data as { step: number }).step}`] : [],
    )
    expect(seen).toEqual(told.events.slice(-seen.length))
    expect(view.current).toMatchObject({ state: 'ended', reason: 'finished', step: STEPS })
  }
  // Points came while the run was on, not all at its end.
  expect(seenLive.filter((count) => count > 0 && count < STEPS).length).toBeGreaterThan(3)
})
