// Names of downloads: whatever a plugin writes, a plain file name comes out.
import { expect, test } from 'vitest'
import { downloadName } from './download.ts'

test.each([
  ['training.log', 'training.log'],
  ['logs/run 1.jsonl', 'run 1.jsonl'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\win.ini', 'win.ini'],
  ['.bashrc', 'bashrc'],
  ['Überblick Größe.txt', 'Überblick Größe.txt'],
  ['日誌.log', '日誌.log'],
  // An override of the direction of text: it would be shown as `a exe.log`.
  ['a \u202Egol.exe', 'a _gol.exe'],
  ['a\u0000b\n.txt', 'a_b_.txt'],
  ['<script>"&?*|:.html', 'script_.html'],
  ['con.txt', '_con.txt'],
  ['name. . ', 'name'],
  ['a/..', 'a'],
  ['🙂', 'artefact'],
  ['', 'artefact'],
])('[A17] the artefact %j is saved as %j', (name, saved) => {
  expect(downloadName(name)).toBe(saved)
})

test('long names are cut, their ending stays', () => {
  const name = downloadName(`${'𝕏'.repeat(300)}.jsonl`)
  expect(name.length).toBeLessThanOrEqual(100)
  expect(name).toMatch(/^𝕏+\.jsonl$/u)
})
