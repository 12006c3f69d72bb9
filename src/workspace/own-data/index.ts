// An experiment on the user's own data, written into a project file.
export { type DataUse, withDataset } from './experiment.ts'
