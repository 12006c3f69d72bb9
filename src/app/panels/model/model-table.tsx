// Parts of a model as a table, indented by their path: shapes, numbers of parameters, the way to their line.
import type { ModelGraph, ModelNode } from '#protocol'
import { formatCount } from '../../ui/format.ts'
import { goTo } from '../../shell/navigation.ts'
import { showShape } from './show-shape.ts'

export function ModelTable({ graph: { nodes } }: { graph: ModelGraph }) {
  if (nodes.length === 0)
    return <p className="panel-note">This model has its parameters in itself, and no parts.</p>
  const paths = new Set(nodes.map(({ path }) => path))
  return (
    <div className="model-table" role="region" aria-label="Parts of the model" tabIndex={0}>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Type</th>
            <th scope="col">Output</th>
            <th scope="col" className="number">
              Parameters
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Row key={node.path} node={node} depth={depthOf(node.path, paths)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** How many parts of the table it is inside of. */
const depthOf = (path: string, paths: ReadonlySet<string>): number =>
  path
    .split('.')
    .slice(0, -1)
    .filter((_, i, keys) => paths.has(keys.slice(0, i + 1).join('.'))).length

function Row({ node, depth }: { node: ModelNode; depth: number }) {
  const { path, type, shape, parameters, weights, source } = node
  const own = weights.map(({ name, shape: sizes }) => `${name} ${showShape(sizes)}`).join(', ')
  return (
    <tr title={own}>
      <td style={{ paddingLeft: 4 + depth * 14 }}>
        {source ? (
          <button type="button" className="source-link" onClick={() => goTo(source)}>
            {path}
          </button>
        ) : (
          <code>{path}</code>
        )}
      </td>
      <td>{type}</td>
      <td className="numeric">{showShape(shape)}</td>
      <td className="number">{parameters === 0 ? '' : formatCount(parameters)}</td>
    </tr>
  )
}
