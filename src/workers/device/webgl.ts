// The GPU through WebGL 2.
import * as tf from '@tensorflow/tfjs'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { isSoftwareName, type OpenedBackend } from './backend.ts'

/** What a throw-away context tells about the renderer. Throws when models can't be trained on it. */
function describeRenderer(): string {
  if (typeof OffscreenCanvas === 'undefined')
    throw new Error('no canvas for workers in this browser')
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl) throw new Error('no WebGL 2 in this browser')
  try {
    if (!gl.getExtension('EXT_color_buffer_float'))
      throw new Error('this WebGL can only compute in half precision')
    const details = gl.getExtension('WEBGL_debug_renderer_info')
    return String(gl.getParameter(details ? details.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

/** Starts the backend. A software renderer is refused unless `allowSoftware`. */
export async function openWebgl(allowSoftware: boolean): Promise<OpenedBackend> {
  const renderer = describeRenderer()
  const isSoftware = isSoftwareName(renderer)
  if (isSoftware && !allowSoftware) throw new Error(`only a software renderer (${renderer})`)
  tf.env().set('SOFTWARE_WEBGL_ENABLED', isSoftware)

  const canvas = new OffscreenCanvas(1, 1)
  const backend = new MathBackendWebGL(canvas)
  let isClosed = false
  const lost = new Promise<string>((resolve) => {
    canvas.addEventListener('webglcontextlost', () => {
      if (!isClosed) resolve('the browser took the WebGL context away')
    })
  })
  const close = () => {
    isClosed = true
    canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
  }
  return {
    backend,
    label: `WebGL · ${renderer}`,
    isSoftware,
    features: ['float32'],
    lost,
    close,
  }
}
