// The tests in two numbers, for the panel's tab.
import { useMemo } from 'react'
import { useEngineView } from '../../store/store.ts'
import { failedPlaces } from '../../store/tests-slice.ts'
import { testTree } from './test-tree.ts'

/** How many tests there are, and how many of them failed last. */
export function useTestCounts(): { total: number; failed: number } {
  const tests = useEngineView((view) => view.tests)
  return useMemo(() => {
    const rows = testTree(tests, '').flatMap((file) => file.rows)
    return { total: rows.length, failed: failedPlaces(tests).length }
  }, [tests])
}
