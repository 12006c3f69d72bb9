// The service that run_diary offers and others write to: what both sides have to know of each other.
import { defineService } from 'plugboard'

export interface Diary {
  /** Adds a line to the diary of the run. */
  note(line: string): void
}
export const Diary = defineService<Diary>('tour.diary')
