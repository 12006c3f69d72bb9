// What each panel is for, in a sentence or two.
import type { PanelId } from '../shell/panel-registry.tsx'

export const panelTexts: Readonly<Partial<Record<PanelId, string>>> & Record<string, string> = {
  files:
    'The files of this workspace. **New file**, **New plugin** and **Add files** are above the tree; F2 renames, Delete deletes. What you change is kept in this browser.',
  plugins:
    'Every plugin, built-in or yours, with its state and the time it takes. Open one to see its contributions, hooks and services, drive its life step by step, or fork it.',
  editor:
    'The text of files, with types, completion, hover and problems as you type. F8 leads to the next problem, F12 to a definition, F2 renames, Shift+Alt+F formats, Ctrl+. offers fixes, Ctrl+G goes to a line, Ctrl+Shift+O to a symbol, F1 in the text is the help.',
  config:
    'The project file as a form. It and the text `plugboard.yaml` are one document: what you change here is seen there, and comments stay.',
  data: 'The data of this workspace and the datasets there are. Drop a CSV, a text, or a zip of images here, choose its columns, and press **Use in experiment**.',
  charts:
    'Metrics of runs while they come. Dashed lines are references to beat, marks on the axis tell when a plugin was swapped in, enabled or stopped.',
  runs: 'All runs, kept in this browser: sort, filter, tag, compare, and start again from the configuration of one.',
  model:
    'The model as it is built: its layers, shapes and parameters. A click on a node leads to its line.',
  tryIt:
    'Use the model while it trains: type a text, draw a digit, fill in a row, and see what it makes of it.',
  run: 'The run that is on, or the last one: speed, memory, size of the model, checkpoints, and files that plugins save.',
  problems:
    'All that is wrong: mistakes of the project file, of code, of types, and errors of a run. Each leads to its line.',
  timeline:
    'What happened in the engine, in order: states of plugins, hook calls, runs, events of plugins.',
  profiler: 'Where the time of a step goes: by phase, by plugin and by hook.',
  tests:
    'Tests of this workspace, written as for vitest and run in engines of their own. A failed one leads to its line.',
  console:
    'Log lines by plugin. The line below runs commands of plugins; Tab completes, `help` lists them.',
  history: 'Earlier states of this workspace, to look at, compare and restore.',
  packages: 'Plugins that came as packages, and ways to take in more.',
  help: "This page: the authors' guide, the reference of hooks, kinds and services, keys and panels.",
}
