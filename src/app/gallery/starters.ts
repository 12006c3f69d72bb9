// Workspaces to begin with: small, at work from the first Run, made to be filled with the user's own data.
import type { Files } from '#workspace'

export interface Starter {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly files: Files
}

const sources: Record<string, string> = import.meta.glob('./starters/**/*.{yaml,md,csv,txt}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

function filesOf(folder: string): Files {
  const start = `./starters/${folder}/`
  const inside = Object.entries(sources).filter(([path]) => path.startsWith(start))
  return new Map(inside.map(([path, text]) => [path.slice(start.length), text]))
}

const starter = (folder: string, about: Omit<Starter, 'name' | 'files'>): Starter => ({
  name: folder,
  ...about,
  files: filesOf(folder),
})

export const starters: readonly Starter[] = [
  starter('table', {
    title: 'Table of your own',
    description: 'Classes from the columns of a CSV file. Drop yours on the panel Data.',
    tags: ['csv', 'table', 'classification', 'own data'],
  }),
  starter('text', {
    title: 'Text generation',
    description: 'A small GPT that makes up lines like those of a text file.',
    tags: ['text', 'gpt', 'generation', 'own data'],
  }),
  starter('images', {
    title: 'Images in classes',
    description: 'A convolutional network; yours come as a zip with a folder for each class.',
    tags: ['images', 'cnn', 'classification', 'own data'],
  }),
  {
    name: 'untitled',
    title: 'Empty',
    description: 'A project file and nothing else.',
    tags: ['blank', 'new'],
    files: new Map([['plugboard.yaml', 'plugins:\n  use: {}\n']]),
  },
]
