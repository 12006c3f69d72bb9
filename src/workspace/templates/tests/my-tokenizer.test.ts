// Tokens of a few words.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyTokenizer from '../plugins/my-tokenizer.ts'

async function fitted(groups: number, ...texts: string[]) {
  const engine = await createTestEngine({ plugins: [MyTokenizer] })
  await engine.up()
  const { ctx } = engine.instance('my_tokenizer')
  const tokenizer = ctx.create('tokenizer', { name: 'my_tokenizer', config: { groups } }, {})
  tokenizer.fit(texts)
  return tokenizer
}

test('conforms to what every plugin must keep', () => testPlugin(MyTokenizer))

test('makes one token of a group that comes often', async () => {
  const tokenizer = await fitted(1, 'anna', 'hanna', 'ana')
  // 0 and 1 are special; then a, h, n in order; then the group: "an" is there three times.
  expect(tokenizer.vocabSize).toBe(6)
  expect(tokenizer.encode('hanna')).toEqual([3, 5, 4, 2])
  expect((await fitted(0, 'anna', 'hanna', 'ana')).encode('ana')).toEqual([2, 4, 2])
})

test('decodes what it encodes, and marks what it does not know', async () => {
  const tokenizer = await fitted(10, 'sophie', 'philip', 'josephine')
  expect(tokenizer.decode(tokenizer.encode('josephine'))).toBe('josephine')
  expect(tokenizer.decode([0, ...tokenizer.encode('sop'), 0])).toBe('sop')
  expect(tokenizer.decode(tokenizer.encode('hex'))).toBe('he�')
})
