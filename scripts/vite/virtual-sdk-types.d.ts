// The module that sdk-types.ts makes.

declare module 'virtual:sdk-types' {
  /** Texts of library sources and declarations, by path under `node_modules/`. */
  const files: Record<string, string>
  export default files
}
