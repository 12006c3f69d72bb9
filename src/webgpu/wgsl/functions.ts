// WGSL of values: literals, element-wise functions and how reductions combine.
import type { DType, MapFn, ReduceFn } from '../graph/node.ts'

/** An operand as text; `value` where it is a constant. */
export interface Operand {
  readonly text: string
  readonly dtype: DType
  readonly value?: number | undefined
}

/** Of a value in an expression. */
export const expressionTypes: Record<DType, string> = {
  float32: 'f32',
  int32: 'i32',
  bool: 'bool',
}
/** Of a value in memory: bool has no layout of its own. */
export const memoryTypes: Record<DType, string> = { float32: 'f32', int32: 'i32', bool: 'i32' }

/** Functions that WGSL lacks or leaves open at the ends of their ranges, and what each calls. */
const library: Record<string, { readonly code: string; readonly uses?: readonly string[] }> = {
  // Constants may not be infinite or NaN; the compiler doesn't look into variables.
  infinity_bits: { code: 'var<private> infinity_bits: u32 = 0x7f800000u;' },
  nan_bits: { code: 'var<private> nan_bits: u32 = 0x7fc00000u;' },
  // To bfloat16: the upper half of a float32, to nearest, ties to even. NaN stays, and is not rounded to a number.
  rounded: {
    code: `fn rounded(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let nearest = bits + 0x7fffu + ((bits >> 16u) & 1u);
  let kept = select(nearest, bits | 0x400000u, (bits & 0x7fffffffu) > 0x7f800000u);
  return bitcast<f32>(kept & 0xffff0000u);
}`,
  },
  word_of: {
    code: `fn word_of(first: f32, second: f32) -> u32 {
  return (bitcast<u32>(first) >> 16u) | (bitcast<u32>(second) & 0xffff0000u);
}`,
  },
  half_of: {
    code: `fn half_of(word: u32, half: i32) -> f32 {
  return bitcast<f32>((word >> (u32(half) << 4u)) << 16u);
}`,
  },
  is_nan: {
    code: 'fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }',
  },
  is_inf: {
    code: 'fn is_inf(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }',
  },
  is_finite: {
    code: 'fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }',
  },
  max_f: {
    code: 'fn max_f(a: f32, b: f32) -> f32 { return select(b, a, a > b || is_nan(a)); }',
    uses: ['is_nan'],
  },
  min_f: {
    code: 'fn min_f(a: f32, b: f32) -> f32 { return select(b, a, a < b || is_nan(a)); }',
    uses: ['is_nan'],
  },
  tanh_f: {
    code: 'fn tanh_f(x: f32) -> f32 { return select(tanh(clamp(x, -15.0, 15.0)), x, is_nan(x)); }',
    uses: ['is_nan'],
  },
  sigmoid_f: {
    code: `fn sigmoid_f(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}`,
  },
  // Kahan: what 1 + x rounds off is divided out again.
  log1p_f: {
    code: `fn log1p_f(x: f32) -> f32 {
  let u = 1.0 + x;
  return select(select(log(u), log(u) * (x / (u - 1.0)), abs(x) < 0.5), x, u == 1.0);
}`,
  },
  expm1_f: {
    code: `fn expm1_f(x: f32) -> f32 {
  let u = exp(x);
  return select(select(u - 1.0, (u - 1.0) * (x / log(u)), abs(x) < 0.5), x, u == 1.0);
}`,
  },
  softplus_f: {
    code: 'fn softplus_f(x: f32) -> f32 { return max_f(x, 0.0) + log1p_f(exp(-abs(x))); }',
    uses: ['max_f', 'log1p_f'],
  },
  // Abramowitz & Stegun 1964, 7.1.26: within 1.5e-7.
  erf_f: {
    code: `fn erf_f(x: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(x) * (1.0 - tail * exp(-x * x));
}`,
  },
  // Of negative x only whole exponents give a number; odd ones keep the sign.
  pow_f: {
    code: `fn pow_f(x: f32, y: f32) -> f32 {
  if (y == 0.0) { return 1.0; }
  let size = pow(abs(x), y);
  if (x >= 0.0) { return size; }
  if (floor(y) != y) { return bitcast<f32>(nan_bits); }
  return select(size, -size, abs(y - 2.0 * floor(y * 0.5)) == 1.0);
}`,
    uses: ['nan_bits'],
  },
  mod_f: {
    code: 'fn mod_f(a: f32, b: f32) -> f32 { return a - b * floor(a / b); }',
  },
  pow_i: {
    code: `fn pow_i(x: i32, y: i32) -> i32 {
  if (y < 0) { return select(0, select(1, x, (y & 1) == 1), abs(x) == 1); }
  var power = 1;
  var base = x;
  for (var left = y; left > 0; left >>= 1u) {
    if ((left & 1) == 1) { power *= base; }
    base *= base;
  }
  return power;
}`,
  },
  div_i: { code: 'fn div_i(a: i32, b: i32) -> i32 { return select(a / b, 0, b == 0); }' },
  floor_div_i: {
    code: `fn floor_div_i(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  let down = a / b;
  return select(down, down - 1, down * b != a && ((a < 0) != (b < 0)));
}`,
  },
  mod_i: {
    code: 'fn mod_i(a: i32, b: i32) -> i32 { return select(a - b * floor_div_i(a, b), 0, b == 0); }',
    uses: ['floor_div_i'],
  },
  asinh_f: { code: 'fn asinh_f(x: f32) -> f32 { return sign(x) * asinh(abs(x)); }' },
  // The finaliser of MurmurHash3.
  mix_bits: {
    code: `fn mix_bits(value: u32) -> u32 {
  var h = value;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}`,
  },
  uniform_f: {
    code: `fn uniform_f(low: i32, high: i32, count: i32, at: i32) -> f32 {
  let drawn = mix_bits(mix_bits(u32(count + at + 1) ^ u32(low)) + u32(high));
  return f32(drawn) * 2.3283064365386963e-10;
}`,
    uses: ['mix_bits'],
  },
}

/** Text of element-wise values; remembers which functions of the library it called. */
export class Functions {
  readonly #used = new Set<string>()

  /** Declarations of what was called, each after what it calls. */
  get declarations(): string[] {
    return [...this.#used].map((name) => library[name]!.code)
  }

  /** Calls a function of the library or reads its variable. */
  use(name: string): string {
    for (const inner of library[name]!.uses ?? []) this.use(inner)
    this.#used.add(name)
    return name
  }

  literal(value: number, dtype: DType): string {
    if (dtype === 'bool') return value === 0 ? 'false' : 'true'
    if (dtype === 'int32') {
      const whole = Math.max(-(2 ** 31), Math.min(value, 2 ** 31 - 1))
      return whole < 0 ? `i32(${whole})` : `${whole}i`
    }
    if (Number.isNaN(value)) return `bitcast<f32>(${this.use('nan_bits')})`
    if (value === Infinity) return `bitcast<f32>(${this.use('infinity_bits')})`
    if (value === -Infinity) return `(-bitcast<f32>(${this.use('infinity_bits')}))`
    const text = Object.is(value, -0) ? '-0' : String(Math.fround(value))
    return value < 0 || Object.is(value, -0) ? `(${text}f)` : `${text}f`
  }

  cast(from: Operand, to: DType): string {
    if (from.dtype === to) return from.text
    if (from.value !== undefined) return this.literal(castConstant(from.value, to), to)
    if (to === 'bool') return `(${from.text} != ${this.literal(0, from.dtype)})`
    if (from.dtype === 'bool')
      return `select(${this.literal(0, to)}, ${this.literal(1, to)}, ${from.text})`
    return `${expressionTypes[to]}(${from.text})`
  }

  /** `fn` of operands as a value of `dtype`. */
  map(fn: MapFn, operands: readonly Operand[], dtype: DType): string {
    if (fn === 'cast') return this.cast(operands[0]!, dtype)
    if (fn === 'select') {
      const [condition, yes, no] = operands
      return `select(${this.cast(no!, dtype)}, ${this.cast(yes!, dtype)}, ${this.cast(condition!, 'bool')})`
    }
    const logical = logic[fn]
    if (logical) return logical(...operands.map((operand) => this.cast(operand, 'bool')))
    // There is no arithmetic of bool.
    const type = operands.every((operand) => operand.dtype !== 'float32') ? 'int32' : 'float32'
    const texts = operands.map((operand) => this.cast(operand, type))
    const compare = comparisons[fn]
    if (compare) return `(${texts[0]} ${compare} ${texts[1]})`
    const [a, b] = texts as [string, string]
    const numeric = type === 'int32' ? this.#int(fn, a, b) : this.#float(fn, a, b, operands)
    return this.cast({ text: numeric, dtype: resultTypes[fn] ?? type }, dtype)
  }

  #int(fn: MapFn, a: string, b: string): string {
    const infix = arithmetic[fn]
    if (infix && fn !== 'div') return `(${a} ${infix} ${b})`
    switch (fn) {
      case 'abs':
      case 'max':
      case 'min':
      case 'sign':
        return b === undefined ? `${fn}(${a})` : `${fn}(${a}, ${b})`
      case 'neg':
        return `(-${a})`
      case 'ceil':
      case 'floor':
      case 'round':
        return a
      case 'isNan':
      case 'isInf':
        return 'false'
      case 'isFinite':
        return 'true'
      case 'div':
        return `${this.use('div_i')}(${a}, ${b})`
      case 'floorDiv':
        return `${this.use('floor_div_i')}(${a}, ${b})`
      case 'mod':
        return `${this.use('mod_i')}(${a}, ${b})`
      case 'pow':
        return `${this.use('pow_i')}(${a}, ${b})`
      default: {
        const texts = [a, b].filter((text) => text !== undefined)
        const floats = texts.map((text) => ({ text: `f32(${text})`, dtype: 'float32' }) as const)
        return `i32(${this.map(fn, floats, 'float32')})`
      }
    }
  }

  #float(fn: MapFn, a: string, b: string, operands: readonly Operand[]): string {
    const infix = arithmetic[fn]
    if (infix) return `(${a} ${infix} ${b})`
    const called = library_calls[fn]
    if (called) return `${this.use(called)}(${b === undefined ? a : `${a}, ${b}`})`
    switch (fn) {
      case 'neg':
        return `(-${a})`
      case 'reciprocal':
        return `(1f / ${a})`
      case 'rsqrt':
        return `inverseSqrt(${a})`
      case 'floorDiv':
        return `floor(${a} / ${b})`
      case 'max':
      case 'min':
        return this.#extreme(fn, a, b, operands)
      case 'pow':
        return this.#power(a, b, operands[1]!.value)
      default:
        return b === undefined ? `${fn}(${a})` : `${fn}(${a}, ${b})`
    }
  }

  /** NaN stays; of a constant nothing needs to be asked. */
  #extreme(fn: 'max' | 'min', a: string, b: string, [first, second]: readonly Operand[]): string {
    const isWorse = fn === 'max' ? '<=' : '>='
    if (second?.value !== undefined && !Number.isNaN(second.value))
      return `select(${a}, ${b}, ${a} ${isWorse} ${b})`
    if (first?.value !== undefined && !Number.isNaN(first.value))
      return `select(${b}, ${a}, ${b} ${isWorse} ${a})`
    return `${this.use(`${fn}_f`)}(${a}, ${b})`
  }

  #power(a: string, b: string, exponent: number | undefined): string {
    if (exponent === 2) return `(${a} * ${a})`
    if (exponent === 3) return `(${a} * ${a} * ${a})`
    if (exponent === 0.5) return `sqrt(${a})`
    if (exponent === -1) return `(1f / ${a})`
    return `${this.use('pow_f')}(${a}, ${b})`
  }

  /** `total` with one more value. */
  combine(fn: ReduceFn, total: string, value: string, dtype: DType): string {
    if (fn === 'any') return `(${total} || ${value})`
    if (fn === 'all') return `(${total} && ${value})`
    const mapFn = fn === 'sum' ? 'add' : fn === 'prod' ? 'mul' : fn
    return this.map(
      mapFn,
      [
        { text: total, dtype },
        { text: value, dtype },
      ],
      dtype,
    )
  }
}

function castConstant(value: number, to: DType): number {
  if (to === 'bool') return value === 0 ? 0 : 1
  return to === 'int32' ? Math.trunc(value) | 0 : value
}

const comparisons: Partial<Record<MapFn, string>> = {
  equal: '==',
  greater: '>',
  greaterEqual: '>=',
  less: '<',
  lessEqual: '<=',
  notEqual: '!=',
}
const arithmetic: Partial<Record<MapFn, string>> = { add: '+', sub: '-', mul: '*', div: '/' }
const logic: Partial<Record<MapFn, (...texts: string[]) => string>> = {
  and: (a, b) => `(${a} && ${b})`,
  or: (a, b) => `(${a} || ${b})`,
  not: (a) => `(!${a})`,
}
const resultTypes: Partial<Record<MapFn, DType>> = {
  isFinite: 'bool',
  isInf: 'bool',
  isNan: 'bool',
}
const library_calls: Partial<Record<MapFn, string>> = {
  asinh: 'asinh_f',
  erf: 'erf_f',
  expm1: 'expm1_f',
  isFinite: 'is_finite',
  isInf: 'is_inf',
  isNan: 'is_nan',
  log1p: 'log1p_f',
  mod: 'mod_f',
  sigmoid: 'sigmoid_f',
  softplus: 'softplus_f',
  tanh: 'tanh_f',
}

/** What combining no values gives. */
export const neutralValues: Record<ReduceFn, number> = {
  sum: 0,
  prod: 1,
  max: -Infinity,
  min: Infinity,
  any: 0,
  all: 1,
}
