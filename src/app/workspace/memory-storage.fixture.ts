// Storage of workspaces in memory, for tests.
import type { FileContent, Files } from '#workspace'
import type { WorkspaceEntry, WorkspaceStorage } from './storage.ts'

export class MemoryStorage implements WorkspaceStorage {
  readonly entries = new Map<string, WorkspaceEntry>()
  readonly contents = new Map<string, Map<string, FileContent>>()
  writes = 0
  failure: Error | undefined

  list = async () => [...this.entries.values()]
  read = async (id: string): Promise<Files> => new Map(this.contents.get(id))
  async write(entry: WorkspaceEntry, changes: ReadonlyMap<string, FileContent | null>) {
    if (this.failure) throw this.failure
    this.writes++
    this.entries.set(entry.id, entry)
    const files = this.contents.get(entry.id) ?? new Map<string, FileContent>()
    for (const [path, content] of changes) {
      if (content === null) files.delete(path)
      else files.set(path, content)
    }
    this.contents.set(entry.id, files)
  }
  async remove(id: string) {
    this.entries.delete(id)
    this.contents.delete(id)
  }
}
