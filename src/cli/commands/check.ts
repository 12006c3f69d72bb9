// plugboard check: everything that is wrong with a workspace, without training.
import { openChecked } from '../checked.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../io.ts'
import { readWorkspace } from '../read-workspace.ts'

export const check = defineCommand({
  name: 'check',
  summary: 'compiles a workspace, brings its plugins up and tells all problems',
  optional: ['workspace'],
  options: {
    json: { type: 'boolean', default: false, help: 'write every problem as a line of JSON' },
  },
  hasJsonLines: true,
  async run([target], { json }, { out }) {
    const files = await readWorkspace(target)
    const { report, close } = await openChecked(files, { device: 'cpu', onEvent: () => undefined })
    close()
    const own = report.plugins.filter(({ origin }) => origin === 'workspace').length
    if (!json) out.write(`No problems in ${files.size} files; plugins of its own: ${own}.\n`)
    return EXIT.ok
  },
})
