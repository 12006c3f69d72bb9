// A screenshot as WebP, which the browser writes and Playwright does not.

const QUALITY = 0.82

/**
 * @param {import('@playwright/test').Page} page any page; nothing of it changes
 * @param {Buffer} png
 * @returns {Promise<Buffer>}
 */
export async function webpOf(page, png) {
  const url = await page.evaluate(
    async ({ data, quality }) => {
      const image = new Image()
      image.src = `data:image/png;base64,${data}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext('2d')?.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', quality)
    },
    { data: png.toString('base64'), quality: QUALITY },
  )
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
