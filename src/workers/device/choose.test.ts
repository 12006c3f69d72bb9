import type { DevicePreference } from '#protocol'
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { describe, expect, it } from 'vitest'
import { type BackendName, isSoftwareName, never, type Opener } from './backend.ts'
import { chooseBackend } from './choose.ts'

/** What each backend is on an imagined machine: there, imitated in software, or missing for a reason. */
type Machine = Record<BackendName, 'hardware' | 'software' | { missing: string }>

const nothing = { missing: 'not in this test' }

function choose(preference: DevicePreference, machine: Partial<Machine>) {
  const started: string[] = []
  const open =
    (name: BackendName): Opener =>
    async ({ allowSoftware }) => {
      const found = machine[name] ?? nothing
      if (typeof found === 'object') throw new Error(found.missing)
      if (found === 'software' && !allowSoftware) throw new Error('only a software adapter')
      started.push(name)
      const isSoftware = found === 'software'
      return { backend: new MathBackendCPU(), label: name, isSoftware, features: [], lost: never }
    }
  const openers = {
    webgpu: open('webgpu'),
    webgl: open('webgl'),
    wasm: open('wasm'),
    cpu: open('cpu'),
  }
  return chooseBackend(preference, openers).then((choice) => ({ ...choice, started }))
}

describe('auto', () => {
  it('takes WebGPU on hardware and starts nothing else', async () => {
    const choice = await choose('auto', { webgpu: 'hardware', webgl: 'hardware', wasm: 'hardware' })
    expect(choice).toMatchObject({ name: 'webgpu', reason: 'the fastest device here' })
    expect(choice.started).toEqual(['webgpu'])
  })

  it('takes WebGL on hardware before the CPU', async () => {
    const choice = await choose('auto', {
      webgpu: { missing: 'no WebGPU adapter' },
      webgl: 'hardware',
      wasm: 'hardware',
    })
    expect(choice).toMatchObject({
      name: 'webgl',
      reason: 'no WebGPU here (no WebGPU adapter)',
    })
  })

  it('never takes a software adapter', async () => {
    const machine = { webgpu: 'software', webgl: 'software', wasm: 'hardware' } as const
    const choice = await choose('auto', machine)
    expect(choice.started).toEqual(['wasm'])
    expect(choice.reason).toBe(
      'no WebGPU here (only a software adapter); no WebGL here (only a software adapter)',
    )
  })

  it('falls to plain JavaScript when WebAssembly fails, and says so', async () => {
    const choice = await choose('auto', { wasm: { missing: 'the file is gone' }, cpu: 'hardware' })
    expect(choice.name).toBe('cpu')
    expect(choice.reason).toContain('no WebAssembly here (the file is gone)')
  })

  it('fails with every reason when nothing starts', async () => {
    await expect(choose('auto', { webgpu: { missing: 'one' } })).rejects.toMatchObject({
      code: 'device.unavailable',
      message: expect.stringContaining('no WebGPU here (one)') as string,
    })
  })
})

describe('a named device', () => {
  it('may be a software adapter, which the reason tells', async () => {
    const choice = await choose('webgpu', { webgpu: 'software', wasm: 'hardware' })
    expect(choice).toMatchObject({ name: 'webgpu', isSoftware: true })
    expect(choice.reason).toBe('as asked for; it is imitated by the processor, which is slow')
  })

  it('is never replaced by another one', async () => {
    await expect(
      choose('webgl', { webgl: { missing: 'no WebGL 2' }, wasm: 'hardware' }),
    ).rejects.toMatchObject({
      code: 'device.unavailable',
      message: "the device 'webgl' was asked for, but there is no WebGL here: no WebGL 2",
      hint: "choose the device 'auto', or another one",
    })
  })
})

it.each([
  ['google swiftshader', true],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', true],
  ['llvmpipe (LLVM 17.0.6, 256 bits)', true],
  ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)', true],
  ['ANGLE (NVIDIA, NVIDIA GeForce RTX 4090 Direct3D11)', false],
  ['apple metal-3', false],
])('tells software from hardware: %s', (description, isSoftware) => {
  expect(isSoftwareName(description)).toBe(isSoftware)
})
