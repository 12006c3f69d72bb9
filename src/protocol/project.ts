// The project as the page hands it to the engine: text files and compiled modules.

/** One compiled source file. `code` has bare and relative imports as written; `map` is a source map (JSON). */
export interface CompiledModule {
  /** Path of the source in the workspace, such as `plugins/early-stopping.ts`. */
  path: string
  code: string
  map: string
}

/** A file as it is. */
export interface TextFile {
  path: string
  text: string
}

/** A file whose bytes come on request. */
export interface Asset {
  path: string
  /** Another one whenever the bytes are others: plugins that read the file are reloaded then. */
  version: string
}

/** Everything the engine needs to know of a workspace. */
export interface Project {
  /** Text of `plugboard.yaml`. */
  config: string
  modules: CompiledModule[]
  /**
   * Files that tell of plugins: each `plugin.yaml`, the `package.json` of each folder of `packages/`, and the model
   * graphs, `models/*.yaml`.
   */
  manifests: TextFile[]
  /** Workspace files that `ctx.asset` may read; their bytes come on request. */
  assets: Asset[]
}

/** Bytes of a file; or a file, such as a `Blob`, that is read where they are needed and not on the way there. */
export type FileBytes = ArrayBuffer | { arrayBuffer(): Promise<ArrayBuffer> }

export type DevicePreference = 'auto' | 'webgpu' | 'webgl' | 'wasm' | 'cpu'
