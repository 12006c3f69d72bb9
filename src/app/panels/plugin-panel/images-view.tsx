// A grid of small images with captions, each place drawn as a square however large it is shown.
import { Check, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Images } from './content-types.ts'

type Image = Images['images'][number]

export function ImagesView({ images }: Images) {
  return (
    <ul className="image-grid">
      {images.map((image, index) => (
        <li key={index} data-tone={image.tone}>
          <Pixels image={image} label={image.caption ?? `image ${index + 1}`} />
          {image.caption === undefined ? null : (
            <span className="image-caption">
              {image.tone === 'ok' ? <Check size={12} aria-label="right" /> : null}
              {image.tone === 'danger' ? <X size={12} aria-label="wrong" /> : null}
              {image.caption}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Pixels({ image: { width, height, pixels }, label }: { image: Image; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const channels = pixels.length / (width * height)
    const data = new ImageData(width, height)
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++)
        data.data[4 * i + c] = 255 * pixels[channels * i + (channels === 3 ? c : 0)]!
      data.data[4 * i + 3] = 255
    }
    context.putImageData(data, 0, 0)
  }, [pixels, width, height])
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
}
