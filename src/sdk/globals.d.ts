// The only globals headless zones may use: names alike in pages, workers and Node. No DOM, no console.

declare function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T

declare function setTimeout(callback: () => void, delayMs?: number): number
declare function clearTimeout(handle: number | undefined): void
declare function queueMicrotask(callback: () => void): void

interface Performance {
  now(): number
}
declare const performance: Performance

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: any
  throwIfAborted(): void
  addEventListener(
    type: 'abort',
    listener: () => void,
    options?: { once?: boolean; signal?: AbortSignal },
  ): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare const AbortSignal: {
  prototype: AbortSignal
  abort(reason?: unknown): AbortSignal
  any(signals: Iterable<AbortSignal>): AbortSignal
}

interface AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
declare const AbortController: { prototype: AbortController; new (): AbortController }

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}
declare const TextEncoder: { prototype: TextEncoder; new (): TextEncoder }

interface TextDecoder {
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}
declare const TextDecoder: {
  prototype: TextDecoder
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder
}

interface URL {
  readonly href: string
  readonly protocol: string
  readonly host: string
  readonly hostname: string
  readonly pathname: string
  readonly hash: string
}
declare const URL: { prototype: URL; new (url: string, base?: string): URL }
