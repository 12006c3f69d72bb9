// The module that scripts/vite/engine-bundle.ts makes.

declare module 'virtual:engine' {
  /** Where the engine's text lies: absolute, or relative to the page. */
  const engineUrl: string
  export default engineUrl
}
