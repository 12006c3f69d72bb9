// The browser that measures: on the graphics hardware where there is some, else on the software adapter.
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium, SOFTWARE_WEBGPU } from '../scripts/chromium.mjs'

// Linux gives WebGPU on hardware only through Vulkan, and only when told.
const HARDWARE = ['--enable-features=Vulkan', '--use-angle=vulkan', '--ignore-gpu-blocklist']

/**
 * Starts the browser and says what WebGPU it has. 'auto' tries hardware first and falls back to software.
 * @param {string} url any page of the benchmark's origin
 * @param {'auto' | 'hardware' | 'software'} adapter
 */
export async function openBrowser(url, adapter) {
  const executablePath = findChromium()
  for (const kind of adapter === 'auto' ? ['hardware', 'software'] : [adapter]) {
    const args = [...CHROMIUM_ARGS, ...(kind === 'hardware' ? HARDWARE : [SOFTWARE_WEBGPU])]
    const browser = await chromium.launch({ executablePath, args })
    const found = await findAdapter(browser, url)
    const fits = kind === 'hardware' ? found !== undefined && !found.isSoftware : true
    if (fits) return { browser, adapter: found, args }
    await browser.close()
  }
  throw new Error('the browser gives no WebGPU adapter of the hardware: try --adapter software')
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 */
async function findAdapter(browser, url) {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    return await page.evaluate(async () => {
      const found = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
      if (!found) return undefined
      const { vendor, architecture, device, description, isFallbackAdapter } = found.info
      const name = [description, vendor, architecture, device].filter(Boolean).join(' ')
      const isSoftware =
        isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(name)
      return { name: name || 'unnamed adapter', isSoftware }
    })
  } finally {
    await page.close()
  }
}
