// Images of an archive: how many of each class, and some of them as a model will see them.
import { useEffect, useRef } from 'react'
import { type ImageSummary, THUMBNAIL, type Thumbnail } from '../../data/index.ts'
import { formatCount, plural } from '../../ui/format.ts'

export function ImageView({ images }: { images: ImageSummary }) {
  const { count, classes, heldBack, others, thumbnails, faults } = images
  const most = Math.max(...classes.map(([, each]) => each))
  const facts = [
    plural(count, 'image'),
    `${formatCount(classes.length)} ${classes.length === 1 ? 'class' : 'classes'}`,
    ...(heldBack > 0 ? [`${formatCount(heldBack)} held back for validation`] : []),
    ...(others.length > 0 ? [`${plural(others.length, 'other file')}`] : []),
  ]
  return (
    <div className="data-scroll" role="group" aria-label="Images" tabIndex={0}>
      <p className="data-note">{facts.join(' · ')}</p>
      {faults.length > 0 ? (
        <ul className="data-note data-warning">
          {faults.slice(0, 20).map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      ) : null}
      <ul className="data-classes">
        {classes.slice(0, 100).map(([name, each]) => (
          <li key={name}>
            <span className="data-class-name">{name}</span>
            <span className="data-class-bar" aria-hidden="true">
              <span style={{ width: `${(100 * each) / most}%` }} />
            </span>
            <span className="numeric">{formatCount(each)}</span>
          </li>
        ))}
      </ul>
      <ul className="data-thumbnails">
        {thumbnails.map((thumbnail) => (
          <li key={thumbnail.path} title={thumbnail.path}>
            <Picture {...thumbnail} />
            <span>{thumbnail.className}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Picture({ pixels, path }: Thumbnail) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current
      ?.getContext('2d')
      ?.putImageData(new ImageData(pixels, THUMBNAIL, THUMBNAIL), 0, 0)
  }, [pixels])
  return <canvas ref={canvas} width={THUMBNAIL} height={THUMBNAIL} role="img" aria-label={path} />
}
