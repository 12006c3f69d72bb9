// plugboard check: everything that is wrong with a workspace, without training.
import type { ErrorInfo } from '#sdk'
import type { Files } from '#workspace'
import { openChecked } from '../checked.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../io.ts'
import { Failure } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'

export const check = defineCommand({
  name: 'check',
  summary: 'compiles a workspace, brings its plugins up and tells all problems, errors of type too',
  optional: ['workspace'],
  options: {
    'no-types': {
      type: 'boolean',
      default: false,
      help: 'leave types unchecked, which takes a few seconds; a run does without',
    },
    json: { type: 'boolean', default: false, help: 'write every problem as a line of JSON' },
  },
  hasJsonLines: true,
  async run([target], { json, 'no-types': isUntyped }, { out }) {
    const files = await readWorkspace(target)
    const { problems, own } = await bringUp(files)
    if (!isUntyped) problems.push(...(await newTypeErrors(files, problems)))
    if (problems.length > 0) throw new Failure(problems, files)
    if (!json) out.write(`No problems in ${files.size} files; plugins of its own: ${own}.\n`)
    return EXIT.ok
  },
})

/** What keeps the plugins from coming up; the number of those that are the workspace's own. */
async function bringUp(files: Files): Promise<{ problems: ErrorInfo[]; own: number }> {
  try {
    const { report, close } = await openChecked(files, { device: 'cpu', onEvent: () => undefined })
    close()
    const own = report.plugins.filter(({ origin }) => origin === 'workspace').length
    return { problems: [], own }
  } catch (thrown) {
    if (thrown instanceof Failure) return { problems: [...thrown.problems], own: 0 }
    throw thrown
  }
}

/** Errors of type on lines without a problem so far. A file that does not compile would bring false ones. */
async function newTypeErrors(files: Files, problems: readonly ErrorInfo[]): Promise<ErrorInfo[]> {
  if (problems.some(({ code }) => code === 'module.compile')) return []
  const { typeErrors } = await import('../type-errors.ts')
  const lines = new Set(problems.map(lineOf))
  return typeErrors(files).filter((error) => !lines.has(lineOf(error)))
}

const lineOf = ({ source }: ErrorInfo): string => `${source?.file}:${source?.line}`
