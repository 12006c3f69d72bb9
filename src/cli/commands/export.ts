// plugboard export: writes the model of a checkpoint as files of another format.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorInfo } from '#sdk'
import { openChecked } from '../checked.ts'
import { readCheckpointFile } from '../checkpoint-folder.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../io.ts'
import { Failure } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'

export const save = defineCommand({
  name: 'export',
  summary: 'writes the model of a checkpoint in a format such as safetensors, tfjs, json or yaml',
  args: ['workspace', 'checkpoint'],
  options: {
    format: {
      type: 'string',
      default: 'safetensors',
      value: '<name>',
      help: 'an exporter, built in or of a plugin of the workspace; safetensors when left out',
    },
    out: {
      type: 'string',
      default: 'exported',
      value: '<folder>',
      help: 'where the files go; exported when left out',
    },
  },
  async run([target, checkpoint], { format, out }, io) {
    const files = await readWorkspace(target)
    const from = await readCheckpointFile(checkpoint!)
    const { engine, close } = await openChecked(files, { device: 'cpu', onEvent: () => undefined })
    try {
      const made = await engine.exportModel(format, from)
      await mkdir(out, { recursive: true })
      for (const file of made) {
        const path = join(out, file.name)
        await writeFile(path, file.bytes)
        io.out.write(`${path}\n`)
      }
      return EXIT.ok
    } catch (thrown) {
      throw new Failure([errorInfo(thrown)], files)
    } finally {
      close()
    }
  },
})
