// What to do about errors of tfjs that name no way out.

const hints: readonly (readonly [
  message: RegExp,
  hintOf: (name: string, device: string) => string,
])[] = [
  [
    /^Kernel '(\w+)' not registered for backend '(\w+)'/,
    (name, device) =>
      `tfjs has no ${name} for ${device}: compute the same by other operations, prepare it in a preprocessor, or choose another device`,
  ],
  [
    /^Cannot compute gradient: gradient function not found for (\w+)/,
    (name) =>
      `tfjs has no gradient of ${name}: compute it from what depends on no parameter, or give it one with tf.customGrad`,
  ],
]

/** For the message of an error; `undefined` for errors that are not known. */
export function tfjsHint(message: string): string | undefined {
  for (const [pattern, hintOf] of hints) {
    const [, name, device] = pattern.exec(message) ?? []
    if (name !== undefined) return hintOf(name, device ?? '')
  }
  return undefined
}
