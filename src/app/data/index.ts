// Data files of the user, as the rest of the app sees them.
export {
  addDataFiles,
  contentFor,
  type DataFile,
  dataFilesOf,
  fileOf,
  isHere,
  keptFiles,
  replaceDataFile,
} from './data-files.ts'
export { doJob } from './worker.ts'
export { type ImageSummary, type TextSummary, THUMBNAIL, type Thumbnail } from './jobs.ts'
