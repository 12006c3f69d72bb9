// Services that plugins of this workspace share: what they do, and the keys to ask for them.
import { defineService } from 'plugboard'

/** Labels that people gave to names. */
export interface Lookup {
  readonly tasks: readonly string[]
  /** The label of `text` for a task; undefined when the data do not tell. */
  labelOf(text: string, task: string): string | undefined
}
export const Lookup = defineService<Lookup>('tour.lookup')

/** What the model guessed when it was asked last. */
export interface Notebook {
  /** Notes the guess. True when another one was noted for the same name and task before. */
  note(text: string, task: string, guess: string): boolean
}
export const Notebook = defineService<Notebook>('tour.notebook')

/** Words on guesses. */
export interface Critic {
  /** `right`, `wrong: is …`, or nothing when nobody knows. */
  judge(text: string, task: string, guess: string): string
}
export const Critic = defineService<Critic>('tour.critic')
