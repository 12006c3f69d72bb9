// The kernel that adds many tensors on WebGPU, and what is put in front of it.
import { AddN, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { registerSums } from './webgpu-sums.ts'

test('another device leaves what was put in front of the kernel', () => {
  const stock = getKernel(AddN, 'webgpu')
  registerSums()
  const sums = getKernel(AddN, 'webgpu')
  expect(sums).not.toBe(stock)
  unregisterKernel(AddN, 'webgpu')
  registerKernel({ ...sums })
  const inFront = getKernel(AddN, 'webgpu')
  registerSums()
  expect(getKernel(AddN, 'webgpu')).toBe(inFront)
})
