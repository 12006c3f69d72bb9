// Brings the editor up, once: Monaco, models, types, marks. The rest of the page doesn't wait for it.

const start = async () => {
  const [{ monaco, typescriptWorker }, models, diagnostics, problems, theme, opener] =
    await Promise.all([
      import('./monaco.ts'),
      import('./models.ts'),
      import('./diagnostics.ts'),
      import('./problem-markers.ts'),
      import('./theme.ts'),
      import('./opener.ts'),
    ])
  models.followStore()
  diagnostics.watchTypes()
  problems.watchProblems()
  theme.followTheme()
  opener.openLinksInTabs()
  return { monaco, models, typescriptWorker, messageOf: diagnostics.messageOf }
}

export type Loaded = Awaited<ReturnType<typeof start>>

let loading: Promise<Loaded> | undefined

/** Monaco and the models of the workspace. Rejects when a part of it can't be fetched; the next call tries again. */
export function loadEditor(): Promise<Loaded> {
  loading ??= start().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}
