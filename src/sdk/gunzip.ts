// Unpacks gzip data, so that shipped datasets can stay small files.
import { gunzipSync } from 'fflate'
import { EngineError } from './errors.ts'

/** The bytes inside a gzip file. Synchronous: tens of megabytes take a noticeable part of a second. */
export function gunzip(data: ArrayBuffer | Uint8Array): Uint8Array {
  try {
    return gunzipSync(data instanceof Uint8Array ? data : new Uint8Array(data))
  } catch (cause) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${data.byteLength} bytes could not be unpacked as gzip`,
      hint: 'the file is cut off, is not gzip, or was unpacked on its way',
      cause,
    })
  }
}
