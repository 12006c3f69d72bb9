// Converts the data sets from their npm packages into the compact files under public/data. Run once: npm run data.
import { convertDigits, convertFashion } from './images.mjs'
import { convertMail } from './mail.mjs'
import { convertIris, convertPenguins, convertPrices } from './tables.mjs'
import { convertMobyDick, convertNames, convertSonnets } from './texts.mjs'

await convertNames()
await convertMobyDick()
await convertSonnets()
await convertMail()
await convertIris()
await convertPenguins()
await convertPrices()
await convertDigits('train', 'train', 1000)
await convertDigits('t10k', 'test', 200)
await convertFashion(1200)
