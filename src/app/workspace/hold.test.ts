// Which of several tabs may change a workspace: the first, the one that takes over, the next one after a crash.
import { beforeEach, expect, test, vi } from 'vitest'
import { type Hold, type Holder, holdWorkspace } from './hold.ts'

interface Request {
  held: () => Promise<void>
  resolve: () => void
  reject: (reason: Error) => void
}

/** The browser's locks, as far as they are used: one name, a queue, stealing. */
class Locks {
  holder: Request | undefined
  readonly queue: Request[] = []

  request = ((_name: string, options: LockOptions, held: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const request = { held, resolve, reject }
      options.signal?.addEventListener('abort', () => {
        const at = this.queue.indexOf(request)
        if (at < 0) return
        this.queue.splice(at, 1)
        reject(new Error('aborted'))
      })
      if (options.steal) {
        const robbed = this.holder
        this.grant(request)
        robbed?.reject(new Error('stolen'))
      } else if (this.holder) this.queue.push(request)
      else this.grant(request)
    })) as LockManager['request']

  query = async () => ({
    held: [],
    pending: this.queue.map(() => ({ name: 'plugboard.workspace.w', mode: 'exclusive' as const })),
  })

  private grant(request: Request): void {
    this.holder = request
    void Promise.resolve()
      .then(request.held)
      .then(() => {
        request.resolve()
        if (this.holder === request) this.next()
      })
  }
  /** Also what happens when the tab that has it ends. */
  next(): void {
    this.holder = undefined
    const next = this.queue.shift()
    if (next) this.grant(next)
  }
}

interface Tab {
  hold: Hold
  holder: Holder
  log: string[]
  isFrozen: boolean
}

let locks: Locks
let tabs: Tab[]

function openTab(): Tab {
  const log: string[] = []
  const tab: Tab = {
    holder: 'asking',
    log,
    isFrozen: false,
    hold: holdWorkspace(locks, {
      onHolder: (holder) => (tab.holder = holder),
      beforeHold: async () => void log.push('read'),
      beforeRelease: async () => void log.push('stored'),
      tell: (message) => {
        for (const other of tabs) if (other !== tab && !other.isFrozen) other.hold.receive(message)
      },
    }),
  }
  tabs.push(tab)
  tab.hold.follow('w')
  return tab
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const holders = () => tabs.map(({ holder }) => holder)

beforeEach(() => {
  vi.useFakeTimers()
  locks = new Locks()
  tabs = []
  return () => vi.useRealTimers()
})

test('[W10] the first tab has it, the second is told', async () => {
  openTab()
  openTab()
  await pass(100)
  expect(holders()).toEqual(['here', 'asking'])
  await pass(700)
  expect(holders()).toEqual(['here', 'elsewhere'])
})

test('a tab that hears late that it has the lock is never told otherwise', async () => {
  const isHere: Holder[] = []
  const late = new Locks()
  const request = ((name: string, options: LockOptions, held: () => Promise<void>) =>
    late.request(name, options, async () => {
      await new Promise((heard) => setTimeout(heard, 5_000))
      await held()
    })) as LockManager['request']
  const events = { beforeHold: async () => {}, beforeRelease: async () => {}, tell: () => {} }
  const onHolder = (holder: Holder) => void isHere.push(holder)
  holdWorkspace({ request, query: late.query }, { ...events, onHolder }).follow('w')
  await pass(6_000)
  expect(isHere).toEqual(['asking', 'here'])
})

test('a tab that takes over gets it once the other has stored its edits, and reads them', async () => {
  const [first, second] = [openTab(), openTab()]
  await pass(800)
  await second.hold.takeOver()
  await pass(0)
  expect(holders()).toEqual(['elsewhere', 'here'])
  expect([first.log, second.log]).toEqual([['stored'], ['read']])
  await first.hold.takeOver()
  await pass(0)
  expect(holders()).toEqual(['here', 'elsewhere'])
})

test('when the tab that has it crashes, the next one has it and reads what was stored', async () => {
  openTab()
  const second = openTab()
  await pass(800)
  locks.next()
  await pass(0)
  expect(second).toMatchObject({ holder: 'here', log: ['read'] })
})

test('a tab that does not answer loses it, and is told when it can listen again', async () => {
  const [first, second] = [openTab(), openTab()]
  await pass(800)
  first.isFrozen = true
  const taking = second.hold.takeOver()
  await pass(1_900)
  expect(second.holder).toBe('elsewhere')
  await pass(200)
  await taking
  await pass(0)
  expect(holders()).toEqual(['elsewhere', 'here'])
})

test('a third tab that waits does not come between', async () => {
  openTab()
  openTab()
  const third = openTab()
  await pass(800)
  await third.hold.takeOver()
  await pass(0)
  expect(holders()).toEqual(['elsewhere', 'elsewhere', 'here'])
})

test('a tab that opens another workspace lets go', async () => {
  const [first, second] = [openTab(), openTab()]
  await pass(800)
  first.hold.follow(undefined)
  await pass(0)
  expect(second.holder).toBe('here')
})
