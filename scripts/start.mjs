// npm start: builds the app where that is needed, serves it and prints the address. PORT chooses the port.
import { buildIfStale, serve } from './site.mjs'

await buildIfStale()
const { url } = await serve(Number(process.env['PORT'] ?? 4173))
console.log(`Plugboard runs at ${url}`)
