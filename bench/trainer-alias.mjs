// Where the trainer of genai-nanogpt is: the package exports none that takes single steps.
import { fileURLToPath } from 'node:url'

export const trainerAlias = {
  find: 'genai-nanogpt/trainer',
  replacement: fileURLToPath(
    new URL('../node_modules/@genai-fi/nanogpt/dist/training/BasicTrainer.js', import.meta.url),
  ),
}
