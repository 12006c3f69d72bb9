// A text file as one string, whatever its encoding.
import { type ByteSource, detectEncoding, type TextOptions, textPieces } from './source.ts'

/** The whole text, line ends as \n, without byte order mark. Throws `data.invalid` for bytes that are no text. */
export async function readText(source: ByteSource, options: TextOptions = {}): Promise<string> {
  const encoding = await detectEncoding(source, options)
  const pieces: string[] = []
  for await (const piece of textPieces(source, encoding, options)) pieces.push(piece)
  return pieces.join('').replaceAll(/\r\n?/g, '\n')
}
