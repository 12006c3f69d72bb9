// Sets the theme before the first paint; src/app/shell/theme.ts keeps it in step afterwards.
{
  let theme = 'system'
  try {
    theme = JSON.parse(localStorage.getItem('plugboard.preferences') ?? '{}').theme ?? theme
  } catch {
    // Storage may be closed or hold anything: then the system decides.
  }
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }
  document.documentElement.dataset.theme = theme
}
