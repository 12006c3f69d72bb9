// Mails that are spam or not, of the Spam Assassin corpus.
import { EngineError, gunzip, plugin, type Table } from 'plugboard'

const CLASSES = ['ham', 'spam']

/** One mail a line: `ham` or `spam`, a tab, its text as JSON. */
function readMails(bytes: ArrayBuffer, path: string): Table {
  const lines = new TextDecoder().decode(gunzip(bytes)).trimEnd().split('\n')
  const mails = lines.map((line) => line.split('\t'))
  const wrong = mails.findIndex(([label = '', text]) => !CLASSES.includes(label) || !text)
  if (wrong >= 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${path}, line ${wrong + 1} is no mail: '${lines[wrong]!.slice(0, 40)}'`,
      hint: 'a line has ham or spam, a tab and the text as JSON; the file may not have been served whole',
    })
  }
  return {
    length: mails.length,
    columns: {
      text: { type: 'text', data: mails.map(([, text]) => JSON.parse(text!) as string) },
      labels: {
        type: 'number',
        data: Int32Array.from(mails, ([label]) => CLASSES.indexOf(label!)),
        shape: [],
        dtype: 'int32',
        limit: CLASSES.length,
        classes: CLASSES,
      },
    },
  }
}

export default class Spam extends plugin({
  manifest: {
    name: 'spam',
    version: '1.0.0',
    category: 'dataset',
    description:
      'Mails of 2002 and 2003, spam or not (Spam Assassin, CC0): 4,724 to train on, 1,107 held back',
    tags: ['text', 'classification'],
    provides: ['dataset/spam'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'spam',
      (_, env) => ({
        async load() {
          const read = async (path: string) => readMails(await env.asset(path), path)
          const [train, validation] = await Promise.all([
            read('data/spam-train.txt.gzip'),
            read('data/spam-test.txt.gzip'),
          ])
          return { train, validation }
        },
      }),
      { description: 'columns `text`: subject, line break, body, and `labels`: ham or spam' },
    )
  }
}
