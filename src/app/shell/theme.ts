// The theme in force: the user's choice, or the system's while none was made.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { preferences } from '../store/preferences.ts'

export type Theme = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')

function current(): Theme {
  const { theme } = preferences.getState()
  if (theme !== 'system') return theme
  return system.matches ? 'dark' : 'light'
}

const themeStore = createStore<{ theme: Theme }>(() => ({ theme: current() }))

function apply() {
  const theme = current()
  document.documentElement.dataset['theme'] = theme
  themeStore.setState({ theme })
}

preferences.subscribe(apply)
system.addEventListener('change', apply)

export const useTheme = (): Theme => useStore(themeStore, ({ theme }) => theme)
