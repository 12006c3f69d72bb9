// Step 4: the dataset. The guide makes up its rows; these are real mails, and whether they are spam.
import { type DataEnv, type Dataset, EngineError, gunzip, type Splits, type Table } from 'plugboard'

const CLASSES = ['ham', 'spam']
const PATHS = { train: 'data/spam-train.txt.gzip', validation: 'data/spam-test.txt.gzip' }

/** Mails, one a line: `ham` or `spam`, a tab, and the text as JSON. */
export function readMails(lines: readonly string[], path: string): Table {
  const texts: string[] = []
  const labels = Int32Array.from(lines, (line, i) => {
    const [name = '', text = ''] = line.split('\t')
    const label = CLASSES.indexOf(name)
    if (label >= 0 && text !== '') {
      texts.push(JSON.parse(text) as string)
      return label
    }
    throw new EngineError({
      code: 'data.invalid',
      message: `${path}, line ${i + 1} is no mail: '${line.slice(0, 30)}'`,
      hint: 'a line is ham or spam, a tab, and a text in quotes',
    })
  })
  const form = { dtype: 'int32', shape: [], limit: CLASSES.length, classes: CLASSES } as const
  return {
    length: lines.length,
    columns: {
      text: { type: 'text', data: texts },
      labels: { type: 'number', data: labels, ...form },
    },
  }
}

export class MailDataset implements Dataset {
  readonly #env: DataEnv

  constructor(env: DataEnv) {
    this.#env = env
  }

  /** The corpus comes with its own split: mails that are alike are on the same side. */
  async load(): Promise<Splits> {
    const [train, validation] = [await this.#read(PATHS.train), await this.#read(PATHS.validation)]
    return { train, validation }
  }

  async #read(path: string): Promise<Table> {
    const text = new TextDecoder().decode(gunzip(await this.#env.asset(path)))
    return readMails(text.trimEnd().split('\n'), path)
  }
}
