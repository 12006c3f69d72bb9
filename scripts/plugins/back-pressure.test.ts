// A page that reads nothing for ten seconds: training does not wait for it, and no metric is missing afterwards.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { createEngine } from '#engine'
import { isEngineEvent, parseEvents } from '#protocol'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { nodeModuleHost } from '../../src/engine/testing/modules.ts'
import { batched } from '../../src/workers/batches.ts'

/** Ten seconds of training at 20 ms a step, by the engine's clock. */
const STEPS = 500
const STEP_MS = 20

/** Trains with the page's end of the port unread until the run has ended. */
async function train() {
  const { port1: worker, port2: page } = new MessageChannel()
  let clockMs = 0
  let isEnded = () => {}
  const ended = new Promise<void>((resolve) => (isEnded = resolve))
  const send = batched((events) => worker.postMessage(events))
  await tf.setBackend('cpu')
  const engine = createEngine({
    plugins: [linePlugin],
    host: {
      modules: nodeModuleHost,
      openDevice: async () => ({
        info: { backend: 'cpu', label: 'CPU', reason: 'a test', isSoftware: true, features: [] },
        memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
        lost: new Promise(() => {}),
        dispose: () => {},
      }),
      // Each look at the clock that a step takes moves it on: waiting for the page would move it no more.
      now: () => (clockMs += STEP_MS / 4),
      breathe: () => new Promise((resolve) => void setImmediate(resolve)),
      beat: () => {},
      enter: () => {},
    },
    onEvent(event) {
      send(event)
      const { state } = Object(event.data) as { state?: string }
      if (event.type === 'run.state' && state === 'ended') isEnded()
    },
  })
  const config = `experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, epochs: 1000, max_steps: ${STEPS}, batch_size: 8, validate_every: 100 }
`
  await engine.open({ config, modules: [], manifests: [], assets: [] })
  await engine.boot({ device: 'cpu' })
  await engine.startRun()
  await ended
  return { page, worker, clockMs }
}

test('training does not wait for a page that reads nothing, which then finds every metric, in order', async () => {
  const { page, worker, clockMs } = await train()
  expect(clockMs).toBeGreaterThan(10_000)
  const messages: unknown[] = []
  const received = new Promise<void>((resolve) => {
    page.onmessage = ({ data }: MessageEvent) => {
      messages.push(data)
      const last = parseEvents(data).findLast(isEngineEvent)
      if (last?.type === 'run.state' && last.data.state === 'ended') resolve()
    }
  })
  await received
  page.close()
  worker.close()
  const events = messages.flatMap((message) => parseEvents(message)).filter(isEngineEvent)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => events[0]!.seq + i))
  const points = events.flatMap((it) => (it.type === 'run.metrics' ? it.data.points : []))
  const stepsWith = (name: string) =>
    points.flatMap(({ step, values }) => (values[name] === undefined ? [] : [step]))
  expect(stepsWith('loss')).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1))
  expect(stepsWith('val_loss')).toEqual([100, 200, 300, 400, 500])
})
