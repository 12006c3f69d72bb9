// plugboard test: runs the tests that a workspace brings along.
import { type EventData, isEngineEvent } from '#protocol'
import type { EventRecord } from '#sdk'
import type { Files } from '#workspace'
import { defineCommand } from '../command.ts'
import { EXIT, type Output, paint } from '../io.ts'
import { jsonLine } from '../json-lines.ts'
import { levelSettings, logLevelOption, logText } from '../log-lines.ts'
import { openWorkspace } from '../open-workspace.ts'
import { Failure, formatProblems } from '../problems.ts'
import { HERE, readWorkspace } from '../read-workspace.ts'
import { withSettings } from '../settings.ts'

export const test = defineCommand({
  name: 'test',
  summary: 'runs the tests of a workspace, its files tests/*.test.ts',
  optional: ['workspace'],
  options: {
    filter: {
      type: 'string',
      value: '<text>',
      help: "run only tests with this text in their name, such as 'group › test'",
    },
    'log-level': logLevelOption('write log lines from this level on: debug, info, warn or error'),
    json: {
      type: 'boolean',
      default: false,
      help: 'write every event and problem as a line of JSON',
    },
  },
  hasJsonLines: true,
  async run([target], { filter, json, 'log-level': level }, { out, signal }) {
    const settings = levelSettings(level)
    const files = await withSettings(await readWorkspace(target), settings)
    function onEvent(record: EventRecord): void {
      if (json) out.write(jsonLine(record))
      else if (!isEngineEvent(record)) return
      else if (record.type === 'test.result') out.write(resultText(record.data, files, out))
      else if (record.type === 'log' && level !== undefined) out.write(logText(record, out))
    }
    const { engine, problems, close } = await openWorkspace(files, { device: 'cpu', onEvent })
    try {
      if (problems.length > 0) throw new Failure(problems, files)
      const stop = (): void => void engine.stopTests()
      signal.addEventListener('abort', stop, { once: true })
      const tests = engine.test({ filter })
      if (signal.aborted) stop()
      const { passed, failed, skipped, durationMs, isStopped } = await tests
      if (passed + failed + skipped === 0 && !isStopped)
        throw new Error(noTests(target ?? HERE, filter))
      if (!json) {
        const counts = [`${passed} passed`, `${failed} failed`, `${skipped} skipped`]
        const end = isStopped ? ', then stopped' : ''
        out.write(`\n${counts.join(', ')} in ${(durationMs / 1000).toFixed(1)} s${end}\n`)
      }
      if (isStopped) return EXIT.interrupted
      return failed > 0 ? EXIT.failed : EXIT.ok
    } finally {
      close()
    }
  },
})

const noTests = (target: string, filter: string | undefined): string =>
  filter === undefined
    ? `'${target}' has no tests: they are files tests/*.test.ts.`
    : `'${target}' has no test with '${filter}' in its name: leave --filter out to see all names.`

const MARKS = { passed: '✓', failed: '✗', skipped: '-' } as const

function resultText(
  { file, names, state, durationMs, error, difference }: EventData<'test.result'>,
  files: Files,
  out: Output,
): string {
  const mark = state === 'failed' ? paint(out, 'red', MARKS.failed) : MARKS[state]
  const took = state === 'skipped' ? '' : paint(out, 'dim', ` ${durationMs.toFixed(0)} ms`)
  const line = `${mark} ${[file, ...names].join(' › ')}${took}\n`
  if (!error) return line
  return line + formatProblems({ problems: [error], files }, out) + differenceText(difference, out)
}

/** What was expected and what came, line by line. */
function differenceText(difference: string | undefined, out: Output): string {
  if (difference === undefined) return ''
  const lines = difference.split('\n').map((line) => {
    if (line.startsWith('-')) return paint(out, 'green', line)
    return line.startsWith('+') ? paint(out, 'red', line) : line
  })
  const title = `${paint(out, 'green', '- expected')} ${paint(out, 'red', '+ received')}`
  return [title, ...lines].map((line) => `  ${line}\n`).join('')
}
