// Images and archives of them.
export { decodeImage, type Pixels } from './decode.ts'
export { type ImageSize, resizeImage } from './resize.ts'
export { imageFolder, type ImageFolder, type ImageEntry } from './folder.ts'
export { openZip, type Zip, type ZipEntry } from './zip.ts'
