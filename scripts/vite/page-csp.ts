// Puts the page's content security policy into index.html as a <meta>: strict in the build, with room for Vite's client in development.
import { randomBytes } from 'node:crypto'
import type { Plugin } from 'vite'

function policy(scripts: string, connections: string): string {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    // The editor and positioned popovers write style elements.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    // Any https host, because readers import from addresses of their choice (src/app/share/network.ts asks first). Only
    // the page's own code runs under this policy: plugins are in the sandbox, whose own one has connect-src 'none'.
    `connect-src ${connections}`,
    "worker-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** Only index.html gets the policy: the sandbox page brings its own. */
export function pageCsp(): Plugin {
  const nonce = randomBytes(16).toString('base64')
  let isServing = false
  return {
    name: 'plugboard:page-csp',
    config: (_config, { command }) => {
      isServing = command === 'serve'
      return isServing ? { html: { cspNonce: nonce } } : {}
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          injectTo: 'head-prepend',
          attrs: {
            'http-equiv': 'Content-Security-Policy',
            content: isServing
              ? policy(`'self' 'nonce-${nonce}'`, "'self' https: ws:")
              : policy("'self'", "'self' https:"),
          },
        },
      ],
    },
  }
}
