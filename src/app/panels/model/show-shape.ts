// Shapes as people read them.

/** `8 × 64`, without the batch axis. */
export const showShape = (shape: readonly number[] | undefined): string =>
  shape === undefined ? '' : shape.length === 0 ? 'number' : shape.join(' × ')
