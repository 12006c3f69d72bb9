// Shaders of products of matrices: which variant, by what was measured or else by what the device is good at.
import type { DeviceTraits, Kernel, ProductVariant } from '../fuse/kernel.ts'
import { BLOCKS_WORKGROUP, blocksPart } from './dot-blocks.ts'
import { TILES_WORKGROUP, tilesPart } from './dot-tiles.ts'
import type { Module, Part } from './program.ts'

export function variantFor(traits: DeviceTraits): ProductVariant {
  if (traits.products) return traits.products
  if (traits.hasFastBarriers) return 'tiles'
  return traits.hasSubgroups ? 'quads' : 'blocks'
}

/** The part of a kernel of kind `dot`: one product, and what is computed of each of its values. */
export function dotPart(
  module: Module,
  kernel: Kernel,
  traits: DeviceTraits,
  isJoined: boolean,
): Part {
  const variant = variantFor(traits)
  return variant === 'tiles'
    ? tilesPart(module, kernel, isJoined)
    : blocksPart(module, kernel, variant === 'quads')
}

/** Invocations of a workgroup of products that run beside other kernels. */
export const dotWorkgroup = (traits: DeviceTraits): number =>
  variantFor(traits) === 'tiles' ? TILES_WORKGROUP : BLOCKS_WORKGROUP
