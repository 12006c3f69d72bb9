// Synonyms: other words of the same meaning in training texts, others in each epoch.
import { type AugmentArgs, plugin, type Random, type Table, textsIn, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to change'),
  probability: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('of each word that has synonyms, to be replaced'),
  groups: z
    .array(z.array(z.string().min(1)).min(2))
    .default([])
    .describe('more words of one meaning: [[mail, letter, message]]'),
  built_in: z.boolean().default(true).describe('use the English groups that come with the plugin'),
})

/** Common English words that stand for each other in most sentences, of the same form each. */
const GROUPS = `
big large huge
small little tiny
good fine nice
great excellent superb wonderful
bad poor awful terrible
beautiful pretty lovely
fast quick rapid
slow sluggish
clever smart intelligent bright
stupid silly foolish
funny amusing comical
boring dull tedious
happy glad pleased
sad unhappy miserable
angry furious mad
afraid scared frightened
difficult hard tough
easy simple
new recent fresh
old ancient aged
strange odd weird peculiar
important vital essential
wrong incorrect mistaken
right correct
rich wealthy
cheap inexpensive
expensive costly
strong powerful
weak feeble
loud noisy
quiet silent
empty vacant
famous known renowned
whole entire complete
main chief principal
buy purchase
begin start
began started
end finish
ended finished
help assist
show display
speak talk
love adore
hate detest
get receive obtain
got received obtained
give offer
make create
made created
choose select pick
answer reply respond
ask inquire
look glance
watch observe
think believe suppose
thought believed supposed
say state
said stated
need require
needs requires
want wish
wants wishes
allow permit
allowed permitted
build construct
built constructed
break smash
change alter
close shut
collect gather
destroy ruin
fix repair mend
hide conceal
keep retain
leave depart
let allow
try attempt
tried attempted
use employ
win triumph
film movie
story tale
child kid
children kids
man guy
house home
money cash
work job
mistake error
reply response
idea notion
road street
gift present
trip journey
danger risk
chance opportunity
part piece portion
kind sort type
place spot location
picture image
problem trouble
result outcome
very really extremely
often frequently
perhaps maybe
quickly rapidly swiftly
almost nearly
also too
however though
only just
sometimes occasionally
usually normally generally
suddenly abruptly
`

/** Words of each meaning that a word has; a word may be of several groups. */
function listSynonyms(groups: readonly (readonly string[])[]): Map<string, string[]> {
  const synonyms = new Map<string, string[]>()
  for (const group of groups)
    for (const word of group) {
      const others = group.filter((other) => other !== word)
      synonyms.set(word, [...(synonyms.get(word) ?? []), ...others])
    }
  return synonyms
}

const builtInGroups = GROUPS.trim()
  .split('\n')
  .map((line) => line.split(' '))

/** Keeps a capital at the beginning, and words all in capitals. */
function inCaseOf(word: string, synonym: string): string {
  if (word.length > 1 && word === word.toUpperCase()) return synonym.toUpperCase()
  const [first = ''] = word
  return first === first.toLowerCase() ? synonym : synonym[0]!.toUpperCase() + synonym.slice(1)
}

function reword(
  text: string,
  synonyms: ReadonlyMap<string, string[]>,
  probability: number,
  random: Random,
): string {
  return text.replaceAll(/\p{L}+/gu, (word) => {
    const others = synonyms.get(word.toLowerCase())
    if (!others || random.next() >= probability) return word
    return inCaseOf(word, others[random.int(others.length)]!)
  })
}

export default class Synonyms extends plugin({
  manifest: {
    name: 'synonyms',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Other words of the same meaning in training texts, others in each epoch',
    tags: ['text'],
    provides: ['augmenter/synonyms'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'synonyms',
      ({ column, probability, groups, built_in }) => {
        const own = groups.map((group) => group.map((word) => word.toLowerCase()))
        const synonyms = listSynonyms([...own, ...(built_in ? builtInGroups : [])])
        return {
          augment(table: Table, { training, random }: AugmentArgs): Table {
            const texts = textsIn(table, column, 'synonyms')
            if (!training) return table
            const data = texts.data.map((text) => reword(text, synonyms, probability, random))
            return { ...table, columns: { ...table.columns, [column]: { ...texts, data } } }
          },
        }
      },
      { config, description: 'texts with words replaced by synonyms' },
    )
  }
}
