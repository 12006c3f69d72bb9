// Local translation: a small English and German word list, so that back translation needs no network.
import { defineService, EngineError, plugin } from 'plugboard'

interface Translator {
  translate(text: string, languages: { from: string; to: string }): Promise<string>
}
const Translator = defineService<Translator>('text.translator')

/** German word, then English words for it. Back from German, the first one is taken: `huge` comes back as `big`. */
const WORDS = `
groß: big large huge
klein: small little tiny
gut: good fine nice
großartig: great excellent superb
schlecht: bad poor awful
schön: beautiful pretty lovely
schnell: fast quick rapid
langsam: slow sluggish
klug: clever smart intelligent
lustig: funny amusing comical
langweilig: boring dull tedious
glücklich: happy glad joyful
traurig: sad unhappy
schwer: difficult hard
leicht: easy simple
neu: new recent
alt: old ancient
seltsam: strange odd weird
wichtig: important vital
falsch: wrong incorrect
richtig: right correct
kaufen: buy purchase
beginnen: begin start
enden: end finish
helfen: help assist
zeigen: show display
sehen: see watch
sprechen: speak talk
lieben: love adore
hassen: hate detest
bekommen: get receive obtain
Film: film movie
Geschichte: story tale
Kind: child kid
Mann: man guy
Haus: house home
Geld: money cash
Arbeit: work job
Fehler: mistake error
Antwort: answer reply
sehr: very really
oft: often frequently
vielleicht: perhaps maybe
`

const entries = WORDS.trim()
  .split('\n')
  .map((line) => line.split(': ') as [string, string])
const toGerman = new Map(
  entries.flatMap(([german, english]) => english.split(' ').map((word) => [word, german] as const)),
)
const toEnglish = new Map(entries.map(([german, english]) => [german, english.split(' ')[0]!]))

const dictionaries = new Map([
  ['en de', toGerman],
  ['de en', toEnglish],
])

/** Word by word; a word that is not in the list stays as it is, and so do spaces and marks. */
const translator: Translator = {
  async translate(text, { from, to }) {
    const words = dictionaries.get(`${from} ${to}`)
    if (!words) {
      throw new EngineError({
        code: 'data.invalid',
        message: `local_translation knows en and de, not ${from} to ${to}`,
        hint: 'offer the service text.translator from a plugin of your own in its place',
      })
    }
    return text.replaceAll(/\p{L}+/gu, (word) => words.get(word) ?? word)
  },
}

export default class LocalTranslation extends plugin({
  manifest: {
    name: 'local_translation',
    version: '1.0.0',
    category: 'service',
    description: 'Translates common words between English and German, in the tab',
    tags: ['text'],
    provides: ['text.translator'],
  },
}) {
  initialize() {
    this.ctx.provideService(Translator, translator)
  }
}
