// The device that trains, why it was chosen, and the choice of another.
import { Cpu } from 'lucide-react'
import type { DevicePreference } from '#protocol'
import { setPreferences, usePreference } from '../store/preferences.ts'
import { isActive } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { Menu, MenuChoices, MenuSeparator } from '../ui/menu.tsx'
import { deviceName } from '../ui/names.ts'

export const DEVICES: readonly { value: DevicePreference; label: string; hint?: string }[] = [
  { value: 'auto', label: 'Automatic', hint: 'the fastest that can train' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'webgl', label: 'WebGL' },
  { value: 'wasm', label: 'WebAssembly', hint: 'processor, with SIMD' },
  { value: 'cpu', label: 'JavaScript', hint: 'processor, slowest, runs anywhere' },
]

export function DeviceChip() {
  const device = useEngineView(({ engine }) => engine.device)
  const status = useEngineView(({ engine }) => engine.status)
  const isRunning = useEngineView(({ run }) => isActive(run.current))
  const preference = usePreference('device')
  const text = device ? deviceName(device) : status === 'lost' ? 'No engine' : 'Starting engine'
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="device-chip button button-quiet"
          aria-label={`Device: ${text}`}
        >
          <span className={`status-dot status-${status}`} aria-hidden="true" />
          <Cpu size={14} aria-hidden="true" />
          <span className="device-label">{text}</span>
        </button>
      }
    >
      <div className="device-reason">
        <p className="device-name">{text}</p>
        {device === undefined ? null : (
          <p>
            {device.reason}
            {device.isSoftware && device.backend === 'webgpu'
              ? ' Software adapter: expect processor speed.'
              : null}
            {device.measured ? ` Matrix products: ${device.measured.products}.` : null}
          </p>
        )}
      </div>
      <MenuSeparator />
      <MenuChoices
        label={isRunning ? 'Train on (ends the present run)' : 'Train on'}
        value={preference}
        choices={DEVICES}
        onChange={(value) => setPreferences({ device: value })}
      />
    </Menu>
  )
}
