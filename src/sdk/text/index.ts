// What tokenizers and preprocessors of text share: `import { text } from 'plugboard'`.
export { learnMerges, mergePair } from './merges.ts'
export type { CountedWord, LearnMergesOptions } from './merges.ts'
export { specialIds } from './special.ts'
export type { TextIds } from './special.ts'
export { continueIds, drawToken } from './continue.ts'
export type { ContinueOptions } from './continue.ts'
