// Commands of plugins: found in the palette by keyboard, asked for their arguments, run there and in the console.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { choose, openWorkspace, showPanel, tinyWorkspace } from './app/workbench.ts'

const GREETER = `import { defineCommand, plugin, z } from 'plugboard'

export default class Greeter extends plugin({
  manifest: { name: 'greeter', version: '1.0.0', category: 'utility' },
}) {
  initialize() {
    this.ctx.provide('command', 'greet', () => defineCommand({
      title: 'Greet somebody',
      description: 'says hello, as often as it is asked to',
      args: z.object({
        name: z.string().min(2).describe('who is greeted'),
        times: z.int().min(1).max(3).default(1),
        mood: z.enum(['happy', 'sad']).default('happy'),
        loud: z.boolean().default(false).describe('in capitals'),
      }),
      run({ name, times, mood, loud }) {
        if (name === 'nobody') throw new Error('nobody is there')
        const text = \`hello \${name}, \${mood}\`
        return { greetings: Array(times).fill(loud ? text.toUpperCase() : text) }
      },
    }))
  }
}
`
const files = {
  ...tinyWorkspace,
  'plugboard.yaml': `${tinyWorkspace['plugboard.yaml']}    greeter: {}\n`,
  'plugins/greeter.ts': GREETER,
}

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' })
const option = (page: Page, name: RegExp) => page.getByRole('option', { name })
const log = (page: Page) => page.getByRole('log', { name: 'Console' })

test('[K08] a command of a plugin runs from the palette and from the console', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openWorkspace(page, files)
  await page.keyboard.press('Control+Shift+P')
  await expect(palette(page)).toContainText('Plugins are not up')
  await expect(option(page, /greet/)).toHaveCount(0)
  await expect(option(page, /^Bring plugins up/)).toContainText('came from a link')
  expect(await findings(page)).toEqual([])
  // The offer comes first; what the plugins bring appears while the palette is open.
  await page.keyboard.press('Enter')
  await page.keyboard.type('grtsmb')
  await expect(option(page, /^Greet somebody… .*greeter/)).toBeVisible()
  await expect(page.getByText('This code came from a link')).toHaveCount(0)
  await page.keyboard.press('Enter')

  const name = page.getByRole('textbox', { name: /^name/ })
  const times = page.getByRole('textbox', { name: /^times/ })
  await expect(name).toBeFocused()
  await page.keyboard.type('A')
  await times.fill('many')
  await page.keyboard.press('Enter')
  await expect(name).toHaveAccessibleDescription(/who is greeted.*`name` is "A"/)
  await expect(times).toHaveAccessibleDescription(/`times` is "many"/)
  await expect(name).toBeFocused()
  expect(await findings(page)).toEqual([])
  await name.fill('Ada Lovelace')
  await times.fill('2')
  await page.getByRole('combobox', { name: /^mood/ }).selectOption('sad')
  await page.getByRole('checkbox', { name: /^loud/ }).check()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByText('Greet somebody', { exact: true })).toBeVisible()
  await expect(page.getByText('{"greetings":["HELLO ADA LOVELACE, SAD"')).toBeVisible()

  await choose(page, 'show console')
  const line = '> greet name="Ada Lovelace" times=2 mood=sad loud=true'
  await expect(log(page)).toContainText(line)
  const input = page.getByRole('combobox', { name: 'Command' })
  await input.pressSequentially('gr')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('listbox', { name: 'Completions' })).toContainText('who is greeted')
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Tab')
  await page.keyboard.type('Eve loud=t')
  await page.keyboard.press('Tab')
  await expect(input).toHaveValue('greet name=Eve loud=true ')
  await page.keyboard.press('Enter')
  await expect(log(page)).toContainText('HELLO EVE, HAPPY')
  await input.fill('greet name=nobody')
  await page.keyboard.press('Enter')
  await expect(log(page)).toContainText(/nobody is there \(plugins\/greeter\.ts:17:\d+\)/)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(input).toHaveValue('greet name=Eve loud=true')
  await showPanel(page, 'Console')
  expect(await findings(page)).toEqual([])
})

test('the palette goes to files and gives the focus back', async ({ page }) => {
  await openWorkspace(page, files)
  await page.getByRole('button', { name: 'Command palette' }).click()
  await expect(option(page, /^Stop Run/)).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Command palette' })).toBeFocused()
  await page.keyboard.press('Control+P')
  await page.keyboard.type('greet')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'greeter.ts', selected: true })).toBeVisible()
  await expect(page.getByRole('textbox', { name: /^plugins\/greeter\.ts/ })).toBeFocused({
    timeout: 60_000,
  })
})
