// What a plugin stands on and what stands on it, drawn as a graph; a box leads to the plugin.
import { useMemo } from 'react'
import type { PluginInfo } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { plural } from '../../ui/format.ts'
import { GraphDrawing } from '../graph/graph-drawing.tsx'
import { layersOf, widthFor } from '../graph/layered.ts'
import { dependentsOf, foundationOf } from './lifecycle.ts'

const HEIGHT = 40
/** Of more plugins, one may want to see a part. */
const FEW = 5
/** In pixels: what the drawing takes up at most. */
const TALLEST = 280

interface PluginGraphProps {
  plugin: PluginInfo
  onOpen: (name: string) => void
}

export function PluginGraph({ plugin, onOpen }: PluginGraphProps) {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const name = nameOf(plugin)
  const { below, above, members } = useMemo(() => {
    const [foundation, dependents] = [foundationOf(name, plugins), dependentsOf(name, plugins)]
    const own = plugins.filter((each) => nameOf(each) === name)
    return {
      below: foundation.length,
      above: dependents.length,
      members: [...foundation, ...own, ...dependents],
    }
  }, [name, plugins])
  const drawing = useMemo(() => {
    const known = new Set(members.map(nameOf))
    return layersOf({
      vertices: members.map((each) => ({
        id: nameOf(each),
        width: widthFor(Math.max(nameOf(each).length, 'initialized'.length)),
        height: HEIGHT,
      })),
      edges: members.flatMap((each) =>
        each.dependencies
          .filter((other) => known.has(other))
          .map((other) => [other, nameOf(each)] as const),
      ),
    })
  }, [members])
  if (members.length < 2) return null
  const height = Math.min(TALLEST, drawing.height + 24)
  return (
    <div>
      <h3>
        Stands on {plural(below, 'plugin')}; {plural(above, 'plugin')} on it
      </h3>
      <div className="plugin-graph" style={{ height }}>
        <GraphDrawing
          subject={`the plugins around ${name}`}
          drawing={drawing}
          hasButtons={members.length > FEW}
        >
          {(reveal) =>
            members.map((each) => {
              const place = drawing.placeOf(nameOf(each))
              const { x, y, width, height: tall } = place
              return (
                <button
                  key={nameOf(each)}
                  type="button"
                  className="graph-box"
                  aria-current={each === plugin || undefined}
                  data-state={each.state}
                  style={{ left: x, top: y, width, height: tall }}
                  onFocus={() => reveal(place)}
                  onClick={() => onOpen(nameOf(each))}
                >
                  <span className="graph-title">
                    <strong>{nameOf(each)}</strong>
                  </span>
                  <span className="graph-detail plugin-transition" data-state={each.state}>
                    {each.state}
                  </span>
                </button>
              )
            })
          }
        </GraphDrawing>
      </div>
    </div>
  )
}
