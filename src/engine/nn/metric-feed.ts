// Metrics on their way to the page: in order, none dropped, a few times per second.
import type { Metrics } from '#sdk'
import { type EventData, MAX_NAME } from '#protocol'

const INTERVAL_MS = 50
/** Most points the protocol takes in one event. */
const MAX_POINTS = 5000

type Point = EventData<'run.metrics'>['points'][number]

export class MetricFeed {
  #points: Point[] = []
  #sentAt = 0

  constructor(
    readonly now: () => number,
    readonly send: (points: Point[]) => void,
  ) {}

  /** Values that are not finite are left out: a chart has no place for them. Names have an end. */
  add(at: { step: number; epoch: number }, metrics: Metrics): void {
    const values: Metrics = {}
    for (const [name, value] of Object.entries(metrics))
      if (Number.isFinite(value)) values[name.slice(0, MAX_NAME)] = value
    if (Object.keys(values).length === 0) return
    this.#points.push({ step: at.step, epoch: at.epoch, time: this.now(), values })
    this.tick()
  }

  /** Sends what has gathered, unless something was sent just now. */
  tick(): void {
    if (this.now() - this.#sentAt >= INTERVAL_MS) this.flush()
  }

  flush(): void {
    const points = this.#points
    if (points.length === 0) return
    this.#points = []
    this.#sentAt = this.now()
    for (let at = 0; at < points.length; at += MAX_POINTS)
      this.send(points.slice(at, at + MAX_POINTS))
  }
}
