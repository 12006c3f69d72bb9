// A time limit for lifecycle methods.
import { EngineError } from '#sdk'

/** Waits for `work`, at most `limitMs`. A late result is dropped, a late rejection silent. */
export async function withLimit<T>(
  work: () => T | Promise<T>,
  limitMs: number,
  subject: { plugin: string; stage: string },
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeout(limitMs, subject)), limitMs)
  })
  try {
    return await Promise.race([Promise.resolve(work()), late])
  } finally {
    clearTimeout(timer)
  }
}

function timeout(
  limitMs: number,
  { plugin, stage }: { plugin: string; stage: string },
): EngineError {
  return new EngineError({
    code: 'plugin.timeout',
    plugin,
    stage,
    message: `${stage} of ${plugin} did not end within ${limitMs} ms`,
    hint: 'do long work in hooks of a run, watch ctx.signal, or raise plugins.timeout_ms',
  })
}
