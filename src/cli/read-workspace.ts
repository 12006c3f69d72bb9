// A workspace's files from where a user has them: a folder, a zip of one, a share link.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { unzipSync } from 'fflate'
import {
  contentOf,
  decodeLink,
  type FileContent,
  type Files,
  filesProblem,
  isShareLink,
  MAX_INLINE_DATA,
  MAX_TOTAL_BYTES,
  PROJECT_FILE,
  textProblem,
} from '#workspace'
import { UsageError } from './io.ts'
import { noteOf } from './large-files.ts'

/** What is never part of a workspace: libraries, what tools hide, and checkpoints, which are read when they are needed. */
const IS_LEFT_OUT =
  /(^|\/)(node_modules|\.[^/]+|__MACOSX)(\/|$)|^checkpoints\/[^/]+\.safetensors(\.part)?$/

/** The folder that a command is for when it names none. */
export const HERE = '.'

/**
 * Reads a workspace. `target` is the path of a folder or zip, or a share link: a whole address or only its
 * `#w…`; left out, it is the current folder, if that is a workspace. Throws an `Error` that says what is wrong.
 */
export async function readWorkspace(target?: string): Promise<Files> {
  if (target !== undefined) return readNamed(target)
  if (await stat(PROJECT_FILE).catch(() => undefined)) return readNamed(HERE)
  throw new UsageError(`Name a workspace: the current folder has no ${PROJECT_FILE}.`)
}

async function readNamed(target: string): Promise<Files> {
  const hash = target.slice(Math.max(0, target.indexOf('#')))
  if (isShareLink(hash)) return fromLink(hash)
  if (/^https?:/.test(target)) {
    throw new Error(`${target} holds no workspace: the address of a share link has #w1. in it.`)
  }
  const found = await stat(target).catch(() => undefined)
  if (!found) throw new Error(`There is no folder or zip '${target}'.`)
  const files = found.isDirectory()
    ? await readFolder(target)
    : checked(target, await fromZip(target))
  const problem = noProject(files)
  if (problem !== undefined) throw new Error(`'${target}' is no workspace: ${problem}`)
  return files
}

/** Files of a folder that is or becomes a workspace. Throws when it cannot be one. */
export async function readFolder(folder: string): Promise<Files> {
  return checked(folder, await fromFolder(folder))
}

function checked(target: string, files: Files): Files {
  const problem = filesProblem(files) ?? textProblem(files)
  if (problem !== undefined) throw new Error(`'${target}' cannot be a workspace: ${problem}`)
  return files
}

/** Without a project file there would be nothing to say of it, as if all were well. */
function noProject(files: Files): string | undefined {
  if (files.has(PROJECT_FILE)) return undefined
  const deeper = [...files.keys()].find((path) => path.endsWith(`/${PROJECT_FILE}`))
  return deeper === undefined
    ? `it has no ${PROJECT_FILE}.`
    : `its ${PROJECT_FILE} is not at the top, but ${deeper}.`
}

function fromLink(hash: string): Files {
  const result = decodeLink(hash)
  if (!result.ok) throw new Error(result.message)
  return result.workspace.files
}

async function fromFolder(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, FileContent>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).replaceAll(sep, '/')
    if (!entry.isFile() || IS_LEFT_OUT.test(name)) continue
    const { size } = await stat(path)
    const isLarge = name.startsWith('data/') && size > MAX_INLINE_DATA
    files.set(
      name,
      isLarge ? await noteOf(path, size) : contentOf(new Uint8Array(await readFile(path))),
    )
  }
  return files
}

async function fromZip(path: string): Promise<Files> {
  const bytes = new Uint8Array(await readFile(path))
  let total = 0
  const unpack = (): Record<string, Uint8Array<ArrayBuffer>> =>
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (name.endsWith('/') || IS_LEFT_OUT.test(name)) return false
        total += originalSize
        if (total <= MAX_TOTAL_BYTES) return true
        throw new Error(`it holds more than ${MAX_TOTAL_BYTES} bytes, which a workspace may have`)
      },
    })
  try {
    const entries = Object.entries(unpack())
    const top = topFolder(entries.map(([name]) => name))
    return new Map(entries.map(([name, content]) => [name.slice(top.length), contentOf(content)]))
  } catch (thrown) {
    throw new Error(`'${path}' is no zip that can be read: ${(thrown as Error).message}.`, {
      cause: thrown,
    })
  }
}

/** The one folder that everything lies in, as when a folder was zipped and not what is in it. */
function topFolder(names: readonly string[]): string {
  const first = names[0] ?? ''
  const top = first.slice(0, first.indexOf('/') + 1)
  const isInside = names.every((name) => name.startsWith(top)) && !names.includes(PROJECT_FILE)
  return isInside && names.includes(top + PROJECT_FILE) ? top : ''
}
