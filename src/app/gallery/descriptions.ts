// What each example says of itself: the first sentence of its README.

const readmes: Record<string, string> = import.meta.glob('/examples/*/README.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The first sentence of the first line that is neither heading nor empty. */
function describe(readme: string): string {
  const line = readme.split('\n').find((text) => text.trim() !== '' && !text.startsWith('#')) ?? ''
  return /^.*?\.(?= |$)/.exec(line)?.[0] ?? line
}

export const descriptionOf = (example: string): string =>
  describe(readmes[`/examples/${example}/README.md`] ?? '')
