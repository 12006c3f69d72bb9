// The part of papaparse that is used. Its published types bring Node's names into zones that must not know them.
declare module 'papaparse' {
  interface Dialect {
    delimiter: string
    newline: string
    /** Stops after so many rows. */
    preview?: number
  }
  class Parser {
    constructor(dialect: Dialect)
    /** Rows of `text`, which begins `baseIndex` characters into the file. */
    parse(
      text: string,
      baseIndex: number,
      ignoreLastRow: boolean,
    ): {
      data: string[][]
      /** `row` is the index in `data` of the row that is broken. */
      errors: { code: string; row?: number }[]
      /** Characters that the rows take. */
      meta: { cursor: number }
    }
  }
  const papa: {
    Parser: typeof Parser
    parse(
      text: string,
      options: {
        newline: string
        preview: number
        skipEmptyLines: boolean
        delimitersToGuess: readonly string[]
      },
    ): { meta: { delimiter: string } }
    unparse(
      table: { fields: readonly string[]; data: readonly (readonly (string | number)[])[] },
      options: { newline: string; escapeFormulae: boolean },
    ): string
  }
  export default papa
}
