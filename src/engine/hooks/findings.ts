// What plugins find when they are asked to judge something, each finding with the name of its finder.
import type { Finding, HookArgs } from '#sdk'
import type { HookCaller } from './hook-table.ts'

type Judging = 'onGraphCheck' | 'onConfigCheck'

export interface Found extends Finding {
  readonly plugin: string
}

/** Asks all plugins. Throws what a handler throws, located. */
export function findings<N extends Judging>(
  hooks: Pick<HookCaller, 'collect'>,
  name: N,
  args: HookArgs<N>,
): Found[] {
  const finders = new Map<unknown, string>()
  const found = hooks.collect(name, args, (finding, plugin) => void finders.set(finding, plugin))
  return (found as readonly Finding[]).map((finding) => ({
    ...finding,
    plugin: finders.get(finding)!,
  }))
}
