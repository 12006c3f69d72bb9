// Services of this workspace: what they do, and the keys under which plugins offer and ask for them.
import { defineService, type Random } from 'plugboard'

/** Random numbers of mean 0 and deviation 1, spread as its provider thinks best. */
export interface Noise {
  draw(random: Random): number
}
export const Noise = defineService<Noise>('tour.noise')

/** Days that went down in history. */
export interface KnownDays {
  /** What happened on a day such as 20081015; undefined for a day like others. */
  nameOf(day: number): string | undefined
}
export const KnownDays = defineService<KnownDays>('tour.known_days')
