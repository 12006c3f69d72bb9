// A picture of a chart as SVG: lines stay lines and words stay words.
import type { Picture } from './picture.ts'
import { dotRadius, FONT_PIXELS, RIM_PIXELS, type Shape, tracePoints } from './shapes.ts'

/** The text of an SVG file. `font` is a list of families, as in CSS. */
export function toSvg(
  { width, height, background, title, plot, ...parts }: Picture,
  font: string,
): string {
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`
  const clip = `<clipPath id="plot"><rect x="${round(plot.left)}" y="${round(plot.top)}" width="${round(plot.width)}" height="${round(plot.height)}"/></clipPath>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escape(font)}" font-size="${FONT_PIXELS}">`,
    `<title>${escape(title)}</title>`,
    `<defs>${clip}</defs>`,
    `<rect width="100%" height="100%" fill="${escape(background)}"/>`,
    ...parts.frame.map(element),
    '<g clip-path="url(#plot)">',
    ...parts.curves.map(element),
    '</g>',
    ...parts.over.map(element),
    '</svg>',
    '',
  ].join('\n')
}

function element(shape: Shape): string {
  const color = escape(shape.color)
  switch (shape.kind) {
    case 'line':
      return `<polyline points="${pointsText(shape.points)}" fill="none" stroke="${color}" stroke-width="${shape.width}"${dashText(shape.dash)}/>`
    case 'area':
      return `<polygon points="${pointsText(shape.points)}" fill="${color}"/>`
    case 'dot':
      return `<circle cx="${round(shape.x)}" cy="${round(shape.y)}" r="${shape.radius}" fill="${color}" stroke="${escape(shape.rim)}" stroke-width="1.5"/>`
    case 'curve':
      return curveElement(shape)
    case 'text': {
      const anchor = { left: 'start', center: 'middle', right: 'end' }[shape.align]
      const rim =
        shape.rim === undefined
          ? ''
          : ` paint-order="stroke" stroke="${escape(shape.rim)}" stroke-width="${RIM_PIXELS}" stroke-linejoin="round"`
      const bold = shape.isBold ? ' font-weight="600"' : ''
      return `<text x="${round(shape.x)}" y="${round(shape.y)}" fill="${color}" text-anchor="${anchor}"${bold}${rim}>${escape(shape.text)}</text>`
    }
  }
}

function curveElement(shape: Extract<Shape, { kind: 'curve' }>): string {
  const color = escape(shape.color)
  let path = ''
  const dots = tracePoints(shape.points, {
    move: (x, y) => (path += `M${round(x)} ${round(y)}`),
    line: (x, y) => (path += `L${round(x)} ${round(y)}`),
  })
  const line = `<path d="${path}" fill="none" stroke="${color}" stroke-width="${shape.width}" stroke-linejoin="bevel" opacity="${shape.alpha}"${dashText(shape.dash)}/>`
  const circles = dots.map(
    ([x, y]) =>
      `<circle cx="${round(x)}" cy="${round(y)}" r="${dotRadius(shape.width)}" fill="${color}"/>`,
  )
  return [line, ...circles].join('\n')
}

const pointsText = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')

const dashText = (dash: readonly number[] | undefined): string =>
  dash && dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''

/** A hundredth of a pixel is enough. */
const round = (value: number): number => Math.round(value * 100) / 100

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
/** Text for SVG; characters that XML does not allow are left out. */
const escape = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- these are the ones that XML forbids
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"]/g, (it) => ENTITIES[it]!)
