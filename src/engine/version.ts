// The engine's version, which manifests may put a range on.

export const ENGINE_VERSION = '0.1.0'
