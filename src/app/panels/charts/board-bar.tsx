// How charts are drawn: axis, smoothing, scales, height; which of them; which runs.
import { Settings2, Undo2 } from 'lucide-react'
import { memo } from 'react'
import { useStore } from 'zustand'
import { hideRun, showRun, useRunChoices } from '../../runs/index.ts'
import { setPreferences, usePreference } from '../../store/preferences.ts'
import { BarOverflow } from '../../ui/bar-overflow.tsx'
import { IconButton } from '../../ui/button.tsx'
import { SearchField, Toggle } from '../../ui/controls.tsx'
import { Menu, MenuCheck, MenuChoices, MenuSeparator } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { Slider } from '../../ui/slider.tsx'
import { AXES, chooseAxis } from './chart-actions.ts'
import { chartState, resetZoom } from './chart-state.ts'

/** So many of the newest runs have a toggle. */
const RECENT_RUNS = 6
/** With fewer charts there is nothing to look for. */
const MIN_FILTERED = 5

const HEIGHTS = [
  { value: 'small', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'large', label: 'High' },
] as const

/** Points that come in change nothing of it. */
export const BoardBar = memo(function BoardBar({ charts }: { charts: number }) {
  const axis = usePreference('xAxis')
  const smoothing = usePreference('smoothing')
  const isLogX = usePreference('isLogX')
  const isLogY = usePreference('isLogScale')
  const filter = useStore(chartState, (state) => state.filter)
  const isZoomed = useStore(chartState, (state) => Object.keys(state.zooms).length > 0)
  return (
    <div className="panel-bar charts-bar">
      {charts < MIN_FILTERED && filter === '' ? null : (
        <SearchField
          label="Filter charts"
          value={filter}
          onChange={(value) => chartState.setState({ filter: value })}
        />
      )}
      <Select label="X axis" value={axis} choices={AXES} onChange={chooseAxis} />
      <Slider
        label="Smoothing"
        value={smoothing}
        max={0.99}
        step={0.01}
        format={(value) => value.toFixed(2)}
        onChange={(value) => setPreferences({ smoothing: value })}
      />
      <BarOverflow label="Scales and runs" isMarked={isLogX || isLogY}>
        <Toggle isOn={isLogX} onChange={(isOn) => setPreferences({ isLogX: isOn })}>
          Log x
        </Toggle>
        <Toggle isOn={isLogY} onChange={(isOn) => setPreferences({ isLogScale: isOn })}>
          Log y
        </Toggle>
        <RunToggles />
      </BarOverflow>
      <span className="charts-bar-end">
        {isZoomed ? (
          <IconButton
            label="Reset zoom of all charts"
            className="bar-icon"
            icon={<Undo2 size={15} />}
            onClick={resetZoom}
          />
        ) : null}
        <MoreSettings />
      </span>
    </div>
  )
})

function RunToggles() {
  const choices = useRunChoices(RECENT_RUNS)
  if (choices.length < 2) return null
  return (
    <div className="overlay-choice" role="group" aria-label="Runs in the charts">
      {choices.map(({ id, title, color, isShown }) => (
        <Toggle
          key={id}
          isOn={isShown}
          onChange={(isOn) => (isOn ? showRun(id) : hideRun(id))}
          label={`Show ${title}`}
        >
          <span className="pin-dot" style={{ background: `var(${color})` }} />
          {title}
        </Toggle>
      ))}
    </div>
  )
}

function MoreSettings() {
  const height = usePreference('chartHeight')
  const isRobust = usePreference('ignoresOutliers')
  const isLinked = usePreference('isZoomLinked')
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="button icon-button button-quiet bar-icon"
          aria-label="Chart settings"
        >
          <Settings2 size={15} />
        </button>
      }
    >
      <MenuCheck
        isOn={isRobust}
        hint="The y axis ends where outliers begin"
        onChange={(isOn) => setPreferences({ ignoresOutliers: isOn })}
      >
        Ignore outliers
      </MenuCheck>
      <MenuCheck
        isOn={isLinked}
        hint="All charts show the same part"
        onChange={(isOn) => setPreferences({ isZoomLinked: isOn })}
      >
        Zoom together
      </MenuCheck>
      <MenuSeparator />
      <MenuChoices
        label="Height"
        value={height}
        choices={HEIGHTS}
        onChange={(value) => setPreferences({ chartHeight: value })}
      />
    </Menu>
  )
}
