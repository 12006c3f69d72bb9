// Which paths the engine may ask for.
import { expect, it } from 'vitest'
import { shippedUrl } from './assets.ts'

it.each(['data/names.txt', 'data/mnist/train-images.bin'])('allows %s', (path) => {
  expect(shippedUrl(path)).toBe(path)
})

it('knows where the WebAssembly backend lies', () => {
  expect(shippedUrl('wasm/tfjs-backend-wasm-simd.wasm')).toMatch(/\.wasm$/)
})

it.each([
  'index.html',
  'data',
  'data/',
  'data/../index.html',
  'data/.git/config',
  'data//evil.example/x',
  '//evil.example/data/x',
  'https://evil.example/data/x',
  'data/x?y=1',
  'data/%2e%2e/x',
  '__proto__',
  'toString',
])('refuses %s', (path) => {
  expect(shippedUrl(path)).toBeUndefined()
})
