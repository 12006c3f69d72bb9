// A block of shader text whose parts stand at the outermost block that knows their variables.
import { type Atom, Index } from './index-math.ts'

/** Counts names up: kernels of equal structure get equal text. */
class Names {
  readonly #counts = new Map<string, number>()

  next(prefix: string): string {
    const count = this.#counts.get(prefix) ?? 0
    this.#counts.set(prefix, count + 1)
    const name = `${prefix}${count}`
    // A type of the language: hidden, it couldn't be written any more.
    return name === 'i32' ? this.next(prefix) : name
  }
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value))

export class Block {
  readonly lines: string[] = []
  readonly depth: number
  readonly names: Names
  readonly #known = new Map<string, string>()

  constructor(readonly outer?: Block) {
    this.depth = outer ? outer.depth + 1 : 0
    this.names = outer?.names ?? new Names()
  }

  /** This block or the one around it at `depth`. */
  at(depth: number): Block {
    return depth >= this.depth || !this.outer ? this : this.outer.at(depth)
  }

  add(line: string): void {
    this.lines.push(line)
  }

  /** The name of a value of this block; equal texts have one name. */
  let(text: string, prefix = 'v'): string {
    let name = this.#lookup(text)
    if (name === undefined) {
      name = this.names.next(prefix)
      this.#known.set(text, name)
      this.add(`let ${name} = ${text};`)
    }
    return name
  }

  #lookup(text: string): string | undefined {
    return this.#known.get(text) ?? (this.outer ? this.outer.#lookup(text) : undefined)
  }

  /** A variable that can be written to. */
  var(type: string, initial: string, prefix = 'a'): string {
    const name = this.names.next(prefix)
    this.add(`var ${name}: ${type} = ${initial};`)
    return name
  }

  /** An inner block. What it hoists stands before it, so nothing may be added here while it is filled. */
  block(head: string, fill: (inner: Block) => void): void {
    const inner = new Block(this)
    fill(inner)
    if (inner.lines.length === 0) return
    this.add(`${head} {`)
    for (const line of inner.lines) this.add(`  ${line}`)
    this.add('}')
  }

  /** A loop over 0 … length - 1; one round needs no loop. */
  loop(length: number, fill: (inner: Block, at: Index) => void, first = '0', step = '1'): void {
    const name = this.names.next('j')
    const head = `for (var ${name}: i32 = ${first}; ${name} < ${length}; ${name} += ${step})`
    this.block(head, (inner) => fill(inner, Index.variable(name, length, inner.depth)))
  }

  /** An expression as text; each part is computed where its variables are known. */
  index(index: Index): string {
    const { terms, offset } = index
    if (terms.length === 0) return String(offset)
    let text = ''
    for (const [at, [atom, factor]] of terms.entries()) {
      const { depth } = new Index([[atom, factor]], 0)
      const part = this.at(depth).#term(atom, Math.abs(factor))
      if (text === '') text = factor < 0 ? `-${part}` : part
      else text += factor < 0 ? ` - ${part}` : ` + ${part}`
      const next = terms[at + 1]
      const isLastOfDepth = !next || new Index([next], 0).depth > depth
      if (isLastOfDepth && !/^\w+$/.test(text)) text = this.at(depth).let(text, 'i')
    }
    if (offset === 0) return text
    return offset < 0 ? `${text} - ${-offset}` : `${text} + ${offset}`
  }

  #term(atom: Atom, factor: number): string {
    const text = atom.kind === 'variable' ? atom.name : this.#quotient(atom)
    return factor === 1 ? text : `${text} * ${factor}`
  }

  #quotient({ kind, of, by }: Exclude<Atom, { kind: 'variable' }>): string {
    const text = this.index(of)
    const inner = of.offset === 0 ? text : `(${text})`
    // Never negative: bits do.
    if (isPowerOfTwo(by))
      return this.let(
        kind === 'div' ? `${inner} >> ${Math.log2(by)}u` : `${inner} & ${by - 1}`,
        'i',
      )
    return this.let(kind === 'div' ? `${inner} / ${by}` : `${inner} % ${by}`, 'i')
  }
}
