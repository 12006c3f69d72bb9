// Which of the tests that a file describes are meant, and which of those run.
import type { TestPlace, TestSelection } from '#protocol'
import type { Case, Suite } from './collect.ts'

/** Whether a test is meant. */
export type Selects = (test: TestPlace) => boolean

/** Reads a selection. */
export function selects({ only, filter }: TestSelection): Selects {
  const text = filter?.toLowerCase()
  return (test) =>
    (only === undefined || only.some((place) => isAt(test, place))) &&
    (text === undefined || test.names.join(' › ').toLowerCase().includes(text))
}

/** Whether the test is the one that `place` names, or in the group or file. */
const isAt = (test: TestPlace, place: TestPlace): boolean =>
  test.file === place.file && place.names.every((name, index) => test.names[index] === name)

/** The suite with the tests that are meant only, and without groups that have none. */
export function selected(
  suite: Suite,
  isMeant: (names: readonly string[]) => boolean,
  around: readonly string[] = [],
): Suite {
  const children = suite.children.flatMap((child): (Case | Suite)[] => {
    if (!('children' in child)) return isMeant([...around, child.name]) ? [child] : []
    const group = selected(child, isMeant, namesIn(child, around))
    return group.children.length > 0 ? [group] : []
  })
  return { ...suite, children }
}

/** Names that those of tests in the suite begin with. */
export const namesIn = ({ name }: Suite, around: readonly string[]): readonly string[] =>
  name === '' ? around : [...around, name]

/** Whether a test or group of the suite is marked as the only one. */
export const isNarrowed = ({ children }: Suite): boolean =>
  children.some((child) => child.mode === 'only' || ('children' in child && isNarrowed(child)))

/** Whether a test of the suite runs; `isWanted` says it of those that are not marked. */
export const hasWanted = ({ children }: Suite, isWanted: boolean): boolean =>
  children.some((child) => {
    if (child.mode === 'only') return true
    if ('children' in child) return child.mode !== 'skip' && hasWanted(child, isWanted)
    return child.mode === 'run' && isWanted
  })
