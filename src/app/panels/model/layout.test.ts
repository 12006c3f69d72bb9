// Drawings of models: boxes apart, edges downwards, blocks around their nodes.
import { expect, test } from 'vitest'
import type { ModelGraph, ModelNode } from '#protocol'
import { type Box, drawingOf } from './layout.ts'

const node = (path: string, inputs: string[], more: Partial<ModelNode> = {}): ModelNode => ({
  path,
  type: 'linear',
  inputs,
  shape: [8],
  parameters: 72,
  weights: [],
  ...more,
})

const graph: ModelGraph = {
  name: 'net',
  parameters: 216,
  columns: [
    { name: 'x', shape: [4], dtype: 'float32' },
    { name: 'labels', shape: [], dtype: 'int32' },
  ],
  nodes: [
    node('first', ['x']),
    node('blocks.0.wide', ['first']),
    node('blocks.0.sum', ['blocks.0.wide', 'first'], { parameters: 0 }),
    node('head', ['blocks.0.sum']),
  ],
  outputs: [{ name: 'logits', from: 'head' }],
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

test('[G11] a graph is drawn in layers, without overlaps, with columns that are read and blocks', () => {
  const { boxes, frames, edges, width, height } = drawingOf(graph, String)
  expect(boxes.map(({ title, type, detail }) => [title, type, detail])).toEqual([
    ['x', '4', ''],
    ['first', 'linear', '8 · 72 parameters'],
    ['wide', 'linear', '8 · 72 parameters'],
    ['sum', 'linear', '8'],
    ['head', 'linear', '8 · 72 parameters'],
    ['logits', '', ''],
  ])
  for (const a of boxes) for (const b of boxes) expect(a !== b && overlaps(a, b)).toBe(false)
  const byTitle = new Map(boxes.map((box) => [box.title, box]))
  const y = (title: string): number => byTitle.get(title)!.y
  const order = ['x', 'first', 'wide', 'sum', 'head', 'logits'].map(y)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(edges.map(({ id }) => id)).toEqual([
    'input x → node first',
    'node first → node blocks.0.wide',
    'node blocks.0.wide → node blocks.0.sum',
    'node first → node blocks.0.sum',
    'node blocks.0.sum → node head',
    'node head → output logits',
  ])
  const [frame] = frames
  expect(frame!.title).toBe('blocks.0')
  for (const title of ['wide', 'sum']) {
    const box = byTitle.get(title)!
    expect(box.y).toBeGreaterThan(frame!.y)
    expect(box.y + box.height).toBeLessThan(frame!.y + frame!.height)
  }
  for (const box of boxes) {
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    expect(box.y + box.height).toBeLessThanOrEqual(height)
  }
})
