// Panels by id: what the page is to draw, told to it by events.
import {
  EngineError,
  panelContentSchemas,
  type PanelHandle,
  type PanelSpec,
  panelSpecSchema,
  type ShownContent,
} from '#sdk'
import { formatPath } from '../config/index.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { Registration } from './registration.ts'

interface Panel {
  readonly owner: string
  readonly spec: PanelSpec
  content?: ShownContent
}

export class PanelTable {
  readonly #bus: EventBus
  readonly #panels = new Map<string, Panel>()
  readonly #detached = new WeakSet<Panel>()

  constructor(bus: EventBus) {
    this.#bus = bus
  }

  /**
   * A panel of a plugin. A later one of the same id and plugin takes its place; so does that of the
   * plugin's next version, and the page sees one panel all along.
   */
  define(owner: string, spec: PanelSpec): { registration: Registration; handle: PanelHandle } {
    const panel: Panel = { owner, spec: checked(panelSpecSchema, spec, owner, 'panel') }
    const { id } = panel.spec
    const show = (): void => {
      if (panel.content && this.#panels.get(id) === panel) {
        this.#bus.emit('panel.shown', { id, content: panel.content }, owner)
      }
    }
    const registration: Registration = {
      attach: () => {
        const present = this.#panels.get(id)
        if (present && present.owner !== owner && !this.#detached.has(present)) {
          throw new EngineError({
            code: 'contribution.duplicate',
            plugin: owner,
            message: `${owner} defines the panel ${id}, which ${present.owner} has defined already`,
            hint: 'give the panel another id',
          })
        }
        this.#panels.set(id, panel)
        this.#detached.delete(panel)
        this.#bus.emit('panel.defined', panel.spec, owner)
        show()
      },
      detach: () => this.#detached.add(panel),
      dispose: () => {
        if (this.#panels.get(id) !== panel) return
        this.#panels.delete(id)
        this.#bus.emit('panel.removed', { id }, owner)
      },
    }
    const handle: PanelHandle = {
      show: (content) => {
        const { type } = panel.spec
        if (type === 'chart') throw drawsMetrics(owner, id)
        const subject = `content of panel ${id} (${type})`
        panel.content = checked<ShownContent>(panelContentSchemas[type], content, owner, subject)
        show()
      },
    }
    return { registration, handle }
  }
}

const drawsMetrics = (plugin: string, id: string): EngineError =>
  new EngineError({
    code: 'contribution.contract',
    plugin,
    message: `${plugin} shows content in the panel ${id}, but a chart draws the run's metrics`,
    hint: 'name the metrics in its spec, or make it a panel of another type',
  })

function checked<T>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: T }
      | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
  },
  value: unknown,
  plugin: string,
  subject: string,
): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) =>
    `${formatPath(path)} ${message}`.trim(),
  )
  throw new EngineError({
    code: 'contribution.contract',
    plugin,
    message: `${subject} of ${plugin}: ${issues.join('; ')}`,
    hint: 'panels are plain data, limited in size; see PanelSpec and PanelContent',
  })
}
