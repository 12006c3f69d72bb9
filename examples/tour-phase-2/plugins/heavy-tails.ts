// Idea: a service. Whoever asks for noise gets it from here, or from a plugin that takes this one's place.
import { plugin, z } from 'plugboard'
import { Noise } from '../lib/services.ts'

export default class HeavyTails extends plugin({
  manifest: {
    name: 'heavy_tails',
    version: '1.0.0',
    category: 'service',
    description: 'Noise as markets make it: mostly small, now and then very large',
    provides: ['tour.noise'],
  },
  config: z.strictObject({
    degrees: z.int().min(3).default(4).describe('of freedom; the more, the more like a bell'),
  }),
}) {
  initialize() {
    const { degrees } = this.config
    this.ctx.provideService(Noise, {
      // Student's t: a normal number over the root of a mean of squares of others.
      draw(random) {
        let squares = 0
        for (let i = 0; i < degrees; i++) squares += random.normal() ** 2 / degrees
        const size = Math.sqrt((degrees - 2) / degrees)
        return (size * random.normal()) / Math.sqrt(squares)
      },
    })
  }
}
