// How objects show state that is no property of theirs.

/**
 * A method of this name lists what of an object's state no property shows, such as #fields, so far as a training step
 * may depend on it; `null` in its place says that none of the object is a plugin's state. The #fields of a workspace's
 * classes are seen without it.
 */
export const hiddenState: unique symbol = Symbol.for('plugboard.hidden-state')

export interface HidesState {
  readonly [hiddenState]: (() => readonly unknown[]) | null
}
