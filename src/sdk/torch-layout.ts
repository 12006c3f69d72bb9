// PyTorch's order of axes, for weights that it keeps in another one than the device wants.
import { EngineError } from './errors.ts'
import { modulesOf } from './module.ts'
import { type StoredTensor, storedDtypes } from './stored-tensor.ts'

/** By path of a parameter or buffer: axis `axes[i]` of it is axis i of what PyTorch keeps. */
export type TorchAxes = ReadonlyMap<string, readonly number[]>

/** What the modules of a model say of their own weights. */
export function torchAxesOf(model: object): TorchAxes {
  const found = new Map<string, readonly number[]>()
  for (const [path, module] of modulesOf(model))
    for (const [field, axes] of Object.entries(module.torchAxes))
      found.set(path ? `${path}.${field}` : field, axes)
  return found
}

/** The axes that undo others. */
export const inverseAxes = (axes: readonly number[]): number[] =>
  axes.map((_, i) => axes.indexOf(i))

/**
 * A tensor with its axes in another order; the values are copied. Throws `data.invalid` for axes that name one of the
 * tensor's twice or not at all.
 */
export function permuteAxes(
  { dtype, shape, data }: StoredTensor,
  axes: readonly number[],
): StoredTensor {
  if (axes.toSorted((a, b) => a - b).join() !== [...shape.keys()].join()) {
    throw new EngineError({
      code: 'data.invalid',
      message: `the axes of a tensor [${shape.join(', ')}] cannot be put in the order [${axes.join(', ')}]`,
      hint: `name each of its axes once: 0 to ${shape.length - 1}`,
    })
  }
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const sizes = axes.map((axis) => shape[axis]!)
  const steps = axes.map((axis) => strides[axis]!)
  const moved = new storedDtypes[dtype].array(data.length)
  const at = sizes.map(() => 0)
  for (let i = 0, from = 0; i < data.length; i++) {
    moved[i] = data[from]!
    // The next place, last axis first; an axis that is through begins anew.
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis]! += 1
      from += steps[axis]!
      if (at[axis]! < sizes[axis]!) break
      from -= steps[axis]! * sizes[axis]!
      at[axis] = 0
    }
  }
  return { dtype, shape: sizes, data: moved }
}
