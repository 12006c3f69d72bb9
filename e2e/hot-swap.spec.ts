// Editing while a run is on: what is good takes over between two steps, what is broken changes nothing.
import { expect, type Page, test } from '@playwright/test'
import {
  edit,
  lineModel,
  openWorkspace,
  run,
  showPanel,
  teller,
  tinyWorkspace,
  trainOn,
} from './app/workbench.ts'

/** What the latest log line of `teller` says. */
async function lastWord(page: Page, text: string) {
  const line = page.locator('.log-text', { hasText: text }).last()
  await expect(line).toBeVisible({ timeout: 30_000 })
  const [, call, loss, step] = /call (\d+), loss ([\d.]+), step (\d+)/.exec(
    (await line.textContent())!,
  )!
  return { call: Number(call), loss: Number(loss), step: Number(step) }
}

// One page for all: what a test swapped in ends with its workspace.
let page: Page
test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage({ baseURL: baseURL! })
})
test.afterAll(() => page.close())
test.beforeEach(async () => {
  await openWorkspace(page, tinyWorkspace)
  await run(page)
  await showPanel(page, 'Console')
})

test('an edited callback is swapped into the running training and keeps its state', async () => {
  const before = await lastWord(page, 'first version')
  await edit(page, 'plugins/teller.ts', teller('second version'))
  const after = await lastWord(page, 'second version')
  expect(after.call).toBeGreaterThan(before.call)
  expect(after.step).toBeGreaterThan(before.step)
  const timeline = await showPanel(page, 'Timeline')
  await timeline.getByPlaceholder('Filter by plugin or text').fill('swapped')
  await expect(timeline.getByText('teller').first()).toBeVisible()
})

test('an edited forward is swapped in, the weights and the step stay', async () => {
  // Trained until nothing is left to learn: with fresh weights the loss would be above 1.
  await expect
    .poll(async () => (await lastWord(page, 'first version')).loss, { timeout: 60_000 })
    .toBeLessThan(1e-4)
  const { step } = await lastWord(page, 'first version')
  await edit(page, 'plugins/line-model.ts', lineModel(1.0001))
  await showPanel(page, 'Timeline')
  await expect(page.getByText('model rebuilt with its weights')).toBeVisible({ timeout: 30_000 })
  await showPanel(page, 'Console')
  await expect.poll(async () => (await lastWord(page, 'first version')).step).toBeGreaterThan(step)
  expect((await lastWord(page, 'first version')).loss).toBeLessThan(1e-3)
})

for (const [what, text, problem] of [
  ['does not compile', `${teller('broken')}\nconst x = = 3\n`, /Expression expected/],
  ['throws while it is loaded', `${teller('broken')}\nthrow new Error('no luck')\n`, /no luck/],
  [
    'throws when it is started',
    teller('broken').replace('#calls = 0', `#calls = 0\n  start() { throw new Error('no start') }`),
    /no start/,
  ],
  ['imports what is not there', `import './nowhere.ts'\n${teller('broken')}`, /nowhere/],
] as const) {
  test(`an edit that ${what} leaves the old version running, and says where`, async () => {
    await lastWord(page, 'first version')
    await edit(page, 'plugins/teller.ts', text)
    const problems = await showPanel(page, 'Problems')
    await expect(problems.getByText(problem).first()).toBeVisible({ timeout: 30_000 })
    await expect(
      problems.getByRole('button', { name: /plugins\/teller\.ts:\d+:\d+/ }).first(),
    ).toBeVisible()
    await trainOn(page, 30)
    await showPanel(page, 'Console')
    const { step } = await lastWord(page, 'first version')
    await expect
      .poll(async () => (await lastWord(page, 'first version')).step)
      .toBeGreaterThan(step)
    await expect(page.locator('.log-text', { hasText: 'broken' })).toHaveCount(0)
  })
}
