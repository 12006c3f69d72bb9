// Packages of plugins: made, read, found, installed. A part of its own, because it brings archives, YAML and ranges.
export { type Addition, additionOf, addPackage, addWanted, withoutPackage } from './add.ts'
export { MAX_ARCHIVE_BYTES, unpackArchive, withoutTop } from './archive.ts'
export { collect } from './collect.ts'
export { fetchGitHub } from './github.ts'
export { type ListedPackage, type PackageIndex, packageIndexSchema } from './index-file.ts'
export {
  type InstalledPackage,
  installedPackages,
  type InstallPlan,
  planInstall,
  planRemoval,
  withChanges,
} from './install.ts'
export { fetchJson, integrityOf, NPM_REGISTRY, type PackageIo } from './io.ts'
export { archiveOf, type Packed, packageNameOf, packPlugins } from './pack.ts'
export { nameProblem } from './package-json.ts'
export { type PluginPackage, readPackage } from './read-package.ts'
export {
  LOCK_FILE,
  lockedPackages,
  PACKAGES_FILE,
  wantedPackages,
  withLocked,
  withWanted,
} from './registry-file.ts'
export { type ResolvedPackage, resolvePackage } from './resolve.ts'
export { hostsOf, parseRequest, parseSource } from './source.ts'
