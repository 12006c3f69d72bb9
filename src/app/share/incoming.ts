// Links that ask before they change anything: a plugin to add, an address to fetch. And archives dropped on the page.
import { linkKind, loadLinks } from '#workspace'
import { toast } from 'sonner'
import { openDialog } from './dialog-store.ts'

const ADDRESS = /^#url=(.+)$/s

/** Takes such a link out of the address and shows what it is about. */
async function take(): Promise<void> {
  const { hash, pathname, search } = location
  const address = ADDRESS.exec(hash)?.[1]
  const isPlugin = linkKind(hash) === 'plugin'
  if (address === undefined && !isPlugin) return
  history.replaceState(null, '', pathname + search)
  if (isPlugin) openDialog({ kind: 'plugin', link: (await loadLinks()).decodeLink(hash) })
  else openDialog({ kind: 'import', address: readable(address!) })
}

/** Text of an address that may have been written by hand. */
function readable(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

const isArchive = ({ name }: File): boolean => /\.(zip|tgz|tar\.gz)$/i.test(name)

function onDrop(event: DragEvent): void {
  // Panels take files of their own: a zip of images dropped on Data is data.
  if (event.defaultPrevented) return
  const file = [...(event.dataTransfer?.files ?? [])].find(isArchive)
  event.preventDefault()
  if (file) void import('./zip.ts').then(({ openArchive }) => openArchive(file))
}

/** Follows links and drops for as long as the page is open. Call once the first workspace is there. */
export function watchIncoming(): void {
  const taken = (): void => void take().catch((error: unknown) => toast.error(String(error)))
  taken()
  addEventListener('hashchange', taken)
  // Without this the browser would leave the page for the file.
  addEventListener('dragover', (event) => {
    if (!event.defaultPrevented) event.preventDefault()
  })
  addEventListener('drop', onDrop)
}
