// Builds the test page and serves it from a server that logs whatever reaches it, by TCP or UDP.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer as createVite, type InlineConfig, loadConfigFromFile } from 'vite'
import { sandboxPage, withScriptHash } from '../../scripts/sandbox-hash.mjs'
import { engineBundle } from '../../scripts/vite/engine-bundle.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const appConfig = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

export interface Site {
  origin: string
  /** Each request as `METHOD path`, upgrades and datagrams included. */
  requests: string[]
  close(): Promise<void>
}

/** The page at `/page.html`; at `/bare/page.html` again with a sandbox whose bootstrap deletes nothing. */
export async function openSite(): Promise<Site> {
  const dist = await mkdtemp(join(tmpdir(), 'sandbox-test-'))
  await buildPage(dist)
  await writeSandboxes(dist)

  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    requests.push(`${request.method} ${path}`)
    const file = join(dist, normalize(path.replace(/^\/bare\/(?!sandbox\.html)/, '/')))
    readFile(file).then(
      (body) => {
        // Open to any origin: what keeps the sandbox out must be the sandbox.
        response.setHeader('Access-Control-Allow-Origin', '*')
        response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream')
        response.end(body)
      },
      () => response.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end(),
    )
  })
  server.on('upgrade', (request, socket) => {
    requests.push(`UPGRADE ${request.url}`)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const datagrams = createSocket('udp4', () => requests.push('DATAGRAM'))
  datagrams.bind(port, '127.0.0.1')
  await once(datagrams, 'listening')

  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      datagrams.close()
      server.closeAllConnections()
      server.close()
      await rm(dist, { recursive: true })
    },
  }
}

/** The same page from Vite's development server. */
export async function openDevelopment(): Promise<Pick<Site, 'origin' | 'close'>> {
  const common = await pageConfig('serve')
  const vite = await createVite({
    ...common,
    publicDir: dirname(sandboxPage),
    cacheDir: join(tmpdir(), `sandbox-test-vite-${process.pid}`),
    server: { host: '127.0.0.1', port: 0, fs: { allow: [dirname(appConfig)] } },
  })
  await vite.listen()
  const origin = vite.resolvedUrls?.local[0]
  if (origin === undefined) throw new Error('The development server tells no address.')
  return { origin: origin.replace(/\/$/, ''), close: () => vite.close() }
}

async function buildPage(outDir: string) {
  await build({
    ...(await pageConfig('build')),
    base: './',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: { input: join(folder, 'page.html') },
    },
  })
}

async function pageConfig(command: 'build' | 'serve'): Promise<InlineConfig> {
  const app = await loadConfigFromFile({ command, mode: 'test' }, appConfig)
  return {
    configFile: false,
    root: folder,
    logLevel: 'warn',
    plugins: [engineBundle(join(folder, 'engine.ts'))],
    resolve: { alias: app?.config.resolve?.alias ?? [] },
  }
}

async function writeSandboxes(dist: string) {
  const html = await readFile(sandboxPage, 'utf8')
  const bare = html.replace('delete at[name]', 'void 0')
  if (bare === html) throw new Error('The bootstrap has no `delete at[name]` to take out.')
  await mkdir(join(dist, 'bare'))
  await writeFile(join(dist, 'sandbox.html'), html)
  await writeFile(join(dist, 'bare/sandbox.html'), withScriptHash(bare))
  await mkdir(join(dist, 'data'))
  await writeFile(join(dist, 'data/sample.bin'), new Uint8Array([1, 2, 3]))
}
