// `expect` with the matchers of vitest, from the package that vitest has it from.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  type ExpectStatic,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from '@vitest/expect'

// Inside of vitest itself chai has them already, and twice they disturb each other.
if (!('rejects' in chai.Assertion.prototype)) {
  for (const matchers of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(matchers)
}

const asymmetric = Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT) as object

/** Begins an assertion: `expect(2 + 2).toBe(4)`. What fails throws, with both values in its message. */
export const expect: ExpectStatic = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  asymmetric,
) as ExpectStatic
