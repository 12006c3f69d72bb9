// Shapes of points: groups are told apart by form as well as by colour.

const POLYGONS: readonly (readonly [number, number][])[] = [
  [],
  square(0.85),
  polygon(3, 1.25, -Math.PI / 2),
  polygon(4, 1.2, -Math.PI / 2),
  polygon(3, 1.25, Math.PI / 2),
  polygon(5, 1.15, -Math.PI / 2),
  polygon(6, 1.1, 0),
]

function square(size: number): [number, number][] {
  return [
    [-size, -size],
    [size, -size],
    [size, size],
    [-size, size],
  ]
}

function polygon(corners: number, radius: number, turn: number): [number, number][] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
}

/** Outline of a group's points, in an SVG path around the origin; colours and shapes come again at different numbers. */
export function shapePath(index: number, radius: number): string {
  const corners = POLYGONS[index % POLYGONS.length]!
  if (corners.length === 0)
    return `M${-radius} 0A${radius} ${radius} 0 1 0 ${radius} 0A${radius} ${radius} 0 1 0 ${-radius} 0Z`
  return `M${corners.map(([x, y]) => `${x * radius} ${y * radius}`).join('L')}Z`
}
