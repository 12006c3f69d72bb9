// Opens a workspace and brings its plugins up, or tells everything that is wrong with it.
import type { ProjectReport } from '#protocol'
import type { ErrorInfo } from '#sdk'
import type { Files } from '#workspace'
import { openWorkspace, type OpenWorkspace, type OpenWorkspaceOptions } from './open-workspace.ts'
import { Failure } from './problems.ts'

/** What is wrong whether or not other files compile; a file that does not brings missing names with it. */
const IS_INDEPENDENT = /^(config|manifest)\./

/** A workspace whose plugins are up. Throws a `Failure` with all problems when it has any. */
export async function openChecked(
  files: Files,
  options: OpenWorkspaceOptions,
): Promise<OpenWorkspace & { report: ProjectReport }> {
  const workspace = await openWorkspace(files, options)
  const { engine, problems } = workspace
  try {
    const found = (await engine.report()).problems
    if (problems.length > 0) fail([...problems, ...found.filter(isIndependent)], files)
    if (found.length > 0) fail(found, files)
    const report = await engine.activate()
    if (report.problems.length > 0) fail(report.problems, files)
    return { ...workspace, report }
  } catch (thrown) {
    workspace.close()
    throw thrown
  }
}

const isIndependent = ({ code }: ErrorInfo): boolean => IS_INDEPENDENT.test(code)

function fail(problems: readonly ErrorInfo[], files: Files): never {
  throw new Failure(problems, files)
}
