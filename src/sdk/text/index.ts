// What tokenizers and preprocessors of text share: `import { text } from 'plugboard'`.
export { learnMerges, mergePair } from './merges.ts'
export { specialIds } from './special.ts'
