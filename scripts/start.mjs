// npm start: builds the app where that is needed, serves it and prints the address. PORT chooses the port.
import { buildIfStale, serve } from './site.mjs'

try {
  await buildIfStale()
  const { url } = await serve(Number(process.env['PORT'] ?? 4173))
  console.log(`Plugboard runs at ${url}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
