// After the first visit the workbench needs no network: it opens, edits, compiles, trains, and opens links.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { expect, type Page, test } from '@playwright/test'
import { encodeLink } from '#workspace'
import { serve } from '../scripts/site.mjs'
import {
  edit,
  openExample,
  openWorkspace,
  run,
  showPanel,
  teller,
  tinyWorkspace,
  trainOn,
  watchForErrors,
} from './app/workbench.ts'

test.use({ serviceWorkers: 'allow' })

/** Waits until everything is stored and the service worker answers for this page. */
const isKept = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50))
  })

test('[W10] after a first visit it works offline: reload, edit, run, open a link', async ({
  browser,
}) => {
  const { url, close } = await serve(4400)
  const context = await browser.newContext({ baseURL: url, serviceWorkers: 'allow' })
  const page = await context.newPage()
  await openWorkspace(page, tinyWorkspace)
  await isKept(page)

  await Promise.all([context.setOffline(true), close()])
  const errors = watchForErrors(page)
  await page.reload()
  await edit(page, 'plugins/teller.ts', teller('written offline'))
  await run(page)
  await trainOn(page)
  await showPanel(page, 'Console')
  await expect(page.locator('.log-text', { hasText: 'written offline' }).first()).toBeVisible()

  const files = new Map([['plugboard.yaml', '# opened offline\nplugins:\n  use: {}\n']])
  const reader = await context.newPage()
  await reader.goto(`./${encodeLink({ name: 'from a link', files, active: undefined })}`)
  await expect(reader.locator('.view-lines')).toContainText('opened offline', { timeout: 30_000 })
  // The question whether there is a network is answered by a failed request, which the browser logs.
  expect(errors.filter((text) => !text.includes('net::ERR_INTERNET_DISCONNECTED'))).toEqual([])
  await context.close()
})

/** dist on a port of its own, with another service worker and without the old version's parts from `update()` on. */
async function deployment() {
  const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }
  let isNew = false
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname.slice(1) || 'index.html'
    const isGone = isNew && path.startsWith('assets/')
    void (isGone ? Promise.reject(new Error(path)) : readFile(`dist/${path}`)).then(
      (bytes) => {
        const type =
          types[path.split('.').at(-1) as keyof typeof types] ?? 'application/octet-stream'
        response.setHeader('Content-Type', type)
        const isWorker = isNew && path === 'offline.js'
        response.end(
          isWorker
            ? String(bytes).replace(/plugboard-page-\d+/, 'plugboard-page-9999999999999')
            : bytes,
        )
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    update: () => (isNew = true),
    close: () => server.close(),
  }
}

test('a new version waits for the reader; the old page finds its parts until then', async ({
  browser,
}) => {
  const { url, update, close } = await deployment()
  const context = await browser.newContext({ baseURL: url, serviceWorkers: 'allow' })
  const page = await context.newPage()
  await openWorkspace(page, tinyWorkspace)
  await isKept(page)
  update()
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
  const reload = page.getByRole('button', { name: 'Reload' })
  await expect(reload).toBeVisible({ timeout: 30_000 })
  const caches = (): Promise<string[]> => page.evaluate(() => self.caches.keys())
  expect(await caches()).toHaveLength(2)

  // A part that is loaded when it is wanted first, and gone from the server.
  await openExample(page, 'digits')

  await Promise.all([page.waitForEvent('load'), reload.click()])
  await expect(page.getByRole('button', { name: 'Workspace digits' })).toBeVisible()
  await expect(page.locator('.view-lines').first()).toBeVisible({ timeout: 30_000 })
  await context.close()
  close()
})
