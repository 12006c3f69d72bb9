// Shaders of products of matrices: which variant, by what was measured or else by what the device is good at.
import type { DeviceTraits, Kernel, ProductVariant, Shader, ShaderOptions } from '../fuse/kernel.ts'
import { generateBlocks } from './dot-blocks.ts'
import { generateTiles } from './dot-tiles.ts'

function variantFor(traits: DeviceTraits): ProductVariant {
  if (traits.products) return traits.products
  if (traits.hasFastBarriers) return 'tiles'
  return traits.hasSubgroups ? 'quads' : 'blocks'
}

/** The shader of a kernel of kind `dot`: one product, and what is computed of each of its values. */
export function generateDot(kernel: Kernel, options: ShaderOptions): Shader {
  const variant = variantFor(options.traits)
  return variant === 'tiles'
    ? generateTiles(kernel, options)
    : generateBlocks(kernel, options, variant === 'quads')
}
