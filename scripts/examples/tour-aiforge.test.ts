// The example tour-aiforge tells spam from other mail.
import { expect, test } from 'vitest'
import { dataOf, expectNoTrouble, lastOf, trainExample } from './run-workspace.ts'

const MINUTES = 60_000

test(
  '[F09] the transformer text classifier tells more than 9 of 10 held-back mails right',
  async () => {
    const events = await trainExample('tour-aiforge', 'epochs=1')
    expectNoTrouble(events)
    // 807 of 1,107 are no spam: who says so of all is right in 73 of 100.
    expect(lastOf(events, 'val_accuracy')).toBeGreaterThan(0.9)
    expect(lastOf(events, 'val_f1')).toBeGreaterThan(0.85)
    expect(dataOf(events, 'run.begin')).toMatchObject([{ trainRows: 4724, validationRows: 1107 }])
  },
  10 * MINUTES,
)
