// Points in a plane, by group: a projection of embeddings, rows on the ground of a decision boundary.
import { useMemo } from 'react'
import type { Scatter } from './content-types.ts'
import { Picture } from './picture.tsx'
import { scatterSource } from './scatter-picture.ts'
import { Shape } from './shape.tsx'

/** Groups that a legend has room for. */
const MAX_LEGEND = 12

export function ScatterView(content: Scatter) {
  // The content of a panel is a new object whenever it is shown, and no sooner.
  const { x, y, labels, showLabels, group, groups, field, xLabel, yLabel } = content
  const source = useMemo(
    () => scatterSource({ x, y, labels, showLabels, group, groups, field, xLabel, yLabel }),
    [x, y, labels, showLabels, group, groups, field, xLabel, yLabel],
  )
  return (
    <div className="pictures" data-single>
      <Picture summary={`${x.length} points`} source={source} />
      {groups && groups.length <= MAX_LEGEND ? (
        <ul className="picture-legend">
          {groups.map((name, index) => (
            <li key={index}>
              <Shape index={index} />
              {name}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
