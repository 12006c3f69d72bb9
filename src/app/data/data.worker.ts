// Work on files off the page's thread: a file's hash, its columns, its images; many as a zip. One job, then it is ended.
import {
  type ByteSource,
  bytesSource,
  decodeImage,
  errorInfo,
  imageFolder,
  inspectTable,
  readText,
  resizeImage,
  z,
} from '#sdk'
import { zipSync } from 'fflate'
import { type Answer, type Answers, type ImageSummary, type Job, THUMBNAIL } from './jobs.ts'

// The page's policy forbids generated code.
z.config({ jitless: true })

const MAX_THUMBNAILS = 60
const MAX_TEXT_BYTES = 4 << 20

const answer = (message: Answer): void => postMessage(message)
const onProgress = (share: number): void => answer({ share })

/** A file's bytes, read where they lie. */
const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
})

/** The browser hashes whole buffers only: for a moment the file is in memory, and then gone with this worker. */
async function hashOf(blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function imagesOf(blob: Blob, name: string): Promise<ImageSummary> {
  const { images, classes, others, zip } = imageFolder(
    new Uint8Array(await blob.arrayBuffer()),
    name,
  )
  const byClass = classes.map((each) => images.filter(({ className }) => className === each))
  const share = Math.max(1, Math.floor(MAX_THUMBNAILS / classes.length))
  const shown = byClass.flatMap((each) => each.slice(0, share)).slice(0, MAX_THUMBNAILS)
  const files = zip.unpack(shown)
  const faults: string[] = []
  const size = { width: THUMBNAIL, height: THUMBNAIL, channels: 3 } as const
  const thumbnails = shown.flatMap(({ path, className }) => {
    try {
      const colors = resizeImage(decodeImage(files.get(path), path), size)
      const pixels = new Uint8ClampedArray(THUMBNAIL * THUMBNAIL * 4).fill(255)
      for (let i = 0; i < THUMBNAIL * THUMBNAIL; i++)
        pixels.set(colors.subarray(3 * i, 3 * i + 3), 4 * i)
      return { path, className, pixels }
    } catch (thrown) {
      faults.push(thrown instanceof Error ? thrown.message : String(thrown))
      return []
    }
  })
  return {
    count: images.length,
    classes: classes.map((each, at) => [each, byClass[at]!.length] as const),
    heldBack: images.filter(({ isHeldBack }) => isHeldBack).length,
    others: others.slice(0, 100),
    thumbnails,
    faults,
  }
}

async function textOf(blob: Blob): Promise<Answers['text']> {
  const head = new Uint8Array(await blob.slice(0, MAX_TEXT_BYTES).arrayBuffer())
  const text = await readText(bytesSource(head))
  const lines = text.split('\n')
  const scale = Math.max(1, blob.size / MAX_TEXT_BYTES)
  return {
    characters: Math.round(text.length * scale),
    lines: Math.round(lines.length * scale),
    sample: lines.slice(0, 1000).map((line) => line.slice(0, 500)),
  }
}

function work(job: Job): Promise<Answers[keyof Answers]> {
  switch (job.kind) {
    case 'hash':
      return hashOf(job.blob)
    case 'images':
      return imagesOf(job.blob, job.name)
    case 'text':
      return textOf(job.blob)
    case 'zip':
      return Promise.resolve(zipSync(Object.fromEntries(job.files), { level: 6 }))
    case 'table': {
      const file = { name: job.name, source: blobSource(job.blob) }
      return inspectTable(file, job.form, { types: new Map(Object.entries(job.types)), onProgress })
    }
  }
}

onmessage = ({ data }: MessageEvent<Job>) => {
  void work(data).then(
    (done) => answer({ done }),
    (thrown: unknown) => answer({ failed: errorInfo(thrown) }),
  )
}
