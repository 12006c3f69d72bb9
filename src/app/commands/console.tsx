// The console: log lines, and below them a line for commands.
import { ConsolePanel } from '../panels/console-panel.tsx'
import { ConsoleInput } from './console-input.tsx'

export const Console = () => (
  <div className="console">
    <ConsolePanel />
    <ConsoleInput />
  </div>
)
