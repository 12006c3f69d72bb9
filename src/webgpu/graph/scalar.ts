// What each element-wise function means for single values: constants are folded with it, tests compare with it.
import type { DType, MapFn } from './node.ts'

const isTrue = (value: number): number => (value !== 0 ? 1 : 0)
const bool = (value: boolean): number => (value ? 1 : 0)

/** Abramowitz & Stegun 1964, 7.1.26: within 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const tail =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - tail * Math.exp(-x * x))
}

/** To the nearest whole number, halves to the even one. */
function round(x: number): number {
  const down = Math.floor(x)
  const rest = x - down
  if (rest < 0.5) return down
  if (rest > 0.5) return down + 1
  return down % 2 === 0 ? down : down + 1
}

const meanings: Record<Exclude<MapFn, 'cast'>, (...values: number[]) => number> = {
  abs: (x) => Math.abs(x),
  acos: (x) => Math.acos(x),
  acosh: (x) => Math.acosh(x),
  add: (a, b) => a + b,
  and: (a, b) => isTrue(a) & isTrue(b),
  asin: (x) => Math.asin(x),
  asinh: (x) => Math.asinh(x),
  atan: (x) => Math.atan(x),
  atan2: (a, b) => Math.atan2(a, b),
  atanh: (x) => Math.atanh(x),
  ceil: (x) => Math.ceil(x),
  cos: (x) => Math.cos(x),
  cosh: (x) => Math.cosh(x),
  div: (a, b) => a / b,
  equal: (a, b) => bool(a === b),
  erf: (x) => erf(x),
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  floor: (x) => Math.floor(x),
  floorDiv: (a, b) => Math.floor(a / b),
  greater: (a, b) => bool(a > b),
  greaterEqual: (a, b) => bool(a >= b),
  isFinite: (x) => bool(Number.isFinite(x)),
  isInf: (x) => bool(Math.abs(x) === Infinity),
  isNan: (x) => bool(Number.isNaN(x)),
  less: (a, b) => bool(a < b),
  lessEqual: (a, b) => bool(a <= b),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  mod: (a, b) => a - b * Math.floor(a / b),
  mul: (a, b) => a * b,
  neg: (x) => -x,
  not: (x) => 1 - isTrue(x),
  notEqual: (a, b) => bool(a !== b),
  or: (a, b) => isTrue(a) | isTrue(b),
  pow: (a, b) => Math.pow(a, b),
  reciprocal: (x) => 1 / x,
  round: (x) => round(x),
  rsqrt: (x) => 1 / Math.sqrt(x),
  select: (condition, a, b) => (condition !== 0 ? a : b),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sign: (x) => Math.sign(x),
  sin: (x) => Math.sin(x),
  sinh: (x) => Math.sinh(x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: (x) => Math.sqrt(x),
  sub: (a, b) => a - b,
  tan: (x) => Math.tan(x),
  tanh: (x) => Math.tanh(x),
}

/** `value` as a type stores it: rounded to float32, cut to int32, 0 or 1. */
export function stored(value: number, dtype: DType): number {
  if (dtype === 'float32') return Math.fround(value)
  return dtype === 'bool' ? isTrue(value) : Math.trunc(value) | 0
}

/** The function of single values; `dtype` is that of the result. */
export function applyScalar(fn: MapFn, values: readonly number[], dtype: DType): number {
  return stored(fn === 'cast' ? values[0]! : meanings[fn](...values), dtype)
}
