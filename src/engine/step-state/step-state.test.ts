import '@tensorflow/tfjs-backend-cpu'
import type * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import * as sdk from '#sdk'
import { ModuleGraph, visibleTfjs } from '../modules/index.ts'
import { compileFiles, nodeModuleHost } from '../testing/modules.ts'
import { compileAsPage } from '../testing/typescript.ts'
import { moduleRoots } from './roots.ts'
import { noteStep, StepState } from './index.ts'

type Step = { part: unknown; step(ctx?: object): unknown }

/** Modules of which `main.ts` default-exports `{ part, step }`, and all state that `step` can reach. */
async function open(source: string | Record<string, string>, asPage = false) {
  const files = typeof source === 'string' ? { 'main.ts': source } : source
  const modules = new ModuleGraph(nodeModuleHost, {
    plugboard: sdk,
    '@tensorflow/tfjs': visibleTfjs,
  })
  const plan = modules.plan(
    asPage
      ? await Promise.all(Object.entries(files).map(([path, text]) => compileAsPage(path, text)))
      : await compileFiles(files),
  )
  expect(plan.problems).toEqual([])
  const { default: made } = (await modules.load(plan, 'main.ts')) as { default: Step }
  const state = new StepState(() => {
    const { roots, reasons } = moduleRoots(modules.stateOf(plan, 'main.ts'))
    const own = { name: 'part', read: () => [made.part], placeOf: roots[0]!.placeOf! }
    return { roots: [own, ...roots], reasons, linked: () => ({ roots: [], reasons: [] }) }
  })
  state.take()
  const run = (ctx?: object) => noteStep(() => made.step(ctx), modules)
  return { state, run, made, modules, plan }
}

/** Counts in its own way whenever it is called. */
const counting: Record<string, [source: string, change: string]> = {
  'a field': [
    `class Part { n = 0; step() { this.n++ } }
     const part = new Part()
     export default { part, step: () => part.step() }`,
    'part.n was 0, and is 1',
  ],
  'a nested object': [
    `const part = { deep: { er: [{ n: 0 }] } }
     export default { part, step() { part.deep.er[0].n++ } }`,
    'part.deep.er.0.n was 0',
  ],
  'a new property': [
    `const part: any = {}
     export default { part, step() { part.seen = true } }`,
    'part.seen is new',
  ],
  'a property that is deleted': [
    `const part: any = { a: undefined, b: 1 }
     export default { part, step() { delete part.a; part.c = 1 } }`,
    'part.c is new',
  ],
  'a symbol': [
    `const key = Symbol('key')
     const part: any = { [key]: 0 }
     export default { part, step() { part[key]++ } }`,
    'part.[Symbol(key)] was 0',
  ],
  'an element of an array': [
    `const part = { list: [1, 2, 3] }
     export default { part, step() { part.list[1]++ } }`,
    'part.list.1 was 2',
  ],
  'the length of an array': [
    `const part = { list: [1] }
     export default { part, step() { part.list.push(1) } }`,
    'part.list.1 is new',
  ],
  'a value of a Map': [
    `const part = { map: new Map([['k', 0]]) }
     export default { part, step() { part.map.set('k', part.map.get('k')! + 1) } }`,
    'part.map."k" was 0',
  ],
  'a key of a Map': [
    `const part = { map: new Map() }
     export default { part, step() { part.map.set({}, 0) } }`,
    'part.map had 0 entries',
  ],
  'an object in a Map': [
    `const part = { map: new Map([['k', { n: 0 }]]) }
     export default { part, step() { part.map.get('k')!.n++ } }`,
    'part.map."k".n was 0',
  ],
  'an object that is a key': [
    `const key = { n: 0 }
     const part = { map: new Map([[key, 0]]) }
     export default { part: part.map, step() { for (const each of part.map.keys()) each.n++ } }`,
    '.n was 0, and is 1',
  ],
  'a Set': [
    `const part = { set: new Set([1]) }
     export default { part, step() { part.set.add(2) } }`,
    'part.set had 1 entries',
  ],
  'a Date': [
    `const part = { at: new Date(0) }
     export default { part, step() { part.at.setTime(5) } }`,
    'part.at.0 was 0, and is 5',
  ],
  'numbers in a typed array': [
    `const part = { weights: new Float32Array(4) }
     export default { part, step() { part.weights[2] = 1 } }`,
    'part.weights.2 was 0',
  ],
  'bytes of a buffer': [
    `const bytes = new ArrayBuffer(4)
     export default { part: { bytes }, step() { new Uint8Array(bytes)[1] = 1 } }`,
    'bytes.1 was 0',
  ],
  'a #field': [
    `class Part { #n = 0; step() { this.#n++ } }
     const part = new Part()
     export default { part, step: () => part.step() }`,
    'part.#n was 0',
  ],
  'an object in a #field of a base class': [
    `class Base { #seen = { n: 0 }; see() { this.#seen.n++ } }
     class Part extends Base { m = 1 }
     const part = new Part()
     export default { part, step: () => part.see() }`,
    '#seen.n was 0',
  ],
  'a static #field': [
    `class Part { static #n = 0; step() { Part.#n++ } }
     const part = new Part()
     export default { part, step: () => part.step() }`,
    '#n was 0',
  ],
  'a static field': [
    `class Part { static n = 0; step() { Part.n++ } }
     const part = new Part()
     export default { part, step: () => part.step() }`,
    '.n was 0',
  ],
  'a static field of a nameless class': [
    `export default class {
       static part = undefined
       static n = 0
       static step() { this.n++ }
     }`,
    '.n was 0',
  ],
  'a field with an arrow function': [
    `class Part { n = 0; step = () => { this.n++ } }
     const part = new Part()
     export default { part: part.step, step: () => part.step() }`,
    'n was 0',
  ],
  'a variable of the module': [
    `let n = 0
     export default { part: {}, step() { n++ } }`,
    'main.ts.n was 0, and is 1',
  ],
  'an object in a constant of the module': [
    `const seen = { n: 0 }
     export default { part: {}, step() { seen.n++ } }`,
    'main.ts.seen.n was 0',
  ],
  'a var in a block of the module': [
    `if (true) { var n = 0 }
     export default { part: {}, step() { n++ } }`,
    'main.ts.n was 0',
  ],
  'a let in a block of the module': [
    `const all = []
     { let n = 0; all.push(() => { n++ }) }
     export default { part: {}, step() { all[0]() } }`,
    'n was 0',
  ],
  'a variable that a loop makes': [
    `const all = []
     for (let i = 0; i < 2; i++) all.push(() => i++)
     export default { part: {}, step() { all[1]() } }`,
    'i was 1',
  ],
  'a property of a function': [
    `function count() { count.n++ }
     count.n = 0
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n was 0',
  ],
  'a property that a function gets': [
    `function count(this: unknown) { (count as any).n = 1 }
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n is new',
  ],
  'a nameless default export': [
    `export default { part: {}, n: 0, step() { this.n++ } }`,
    'main.ts.default.n was 0',
  ],
  'a closure': [
    `const make = () => { let n = 0; return () => { n++ } }
     const count = make()
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n was 0',
  ],
  'a declared function in a function': [
    `function make() { let n = 0; return count; function count() { n++ } }
     const count = make()
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n was 0',
  ],
  'a declared function in a case': [
    `function make(kind: number) {
       switch (kind) { case 0: return undefined; case 1: { } default: let n = 0; function count() { n++ }; return count }
     }
     const count = make(1)!
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n was 0',
  ],
  'a variable beside one that has no value': [
    `function make(): any { let n = 0; return () => { n++; if (n < 0) later() }; let later = () => 0 }
     const count = make()
     export default { part: {}, step() { count() } }`,
    'main.ts.count.n was 0',
  ],
  'an object that a closure holds': [
    `const make = (seen: { n: number }) => ({ see: () => { seen.n++ } })
     const part = make({ n: 0 })
     export default { part, step() { part.see() } }`,
    'seen.n was 0',
  ],
  'a method of an object in a function': [
    `const make = () => { let n = 0; return { see() { n++ } } }
     const part = make()
     export default { part, step() { part.see() } }`,
    'n was 0',
  ],
  'a method that was taken from its object': [
    `const make = () => { let n = 0; return { see() { n++ } } }
     const { see } = make()
     export default { part: {}, step() { see() } }`,
    'main.ts.see.n was 0',
  ],
  'a getter of an object in a function': [
    `const make = () => { let n = 0; return { get next() { return n++ } } }
     const part = make()
     export default { part, step() { return part.next } }`,
    'n was 0',
  ],
  'a method beside a spread': [
    `const make = (more: object) => { let n = 0; return { ...more, see() { n++ } } }
     const { see } = make({ a: 1 })
     export default { part: {}, step() { see() } }`,
    'main.ts.see.n was 0',
  ],
  'a class in a function': [
    `const make = () => { let n = 0; return class { see() { n++ } } }
     const part = new (make())()
     export default { part, step() { part.see() } }`,
    'n was 0',
  ],
  'this of an arrow function': [
    `class Part { n = 0; make() { return () => { this.n++ } } }
     const see = new Part().make()
     export default { part: {}, step() { see() } }`,
    'main.ts.see.this.n was 0',
  ],
  'arguments of a function': [
    `function make(..._: number[]) { return () => { arguments[0]++ } }
     const see = make(0)
     export default { part: {}, step() { see() } }`,
    'arguments.0 was 0',
  ],
  'a callback that an own map() keeps': [
    `class Later { calls: (() => void)[] = []; map(call: () => void) { this.calls.push(call) } }
     const part = new Later()
     function make() { let n = 0; part.map(() => { n++ }) }
     make()
     export default { part, step() { part.calls[0]!() } }`,
    'n was 0',
  ],
  'a function that runs at once and goes on': [
    `const part: any = {}
     function make() { let n = 0; void (async () => { part.see = () => { n++ } })() }
     make()
     export default { part, step() { part.see() } }`,
    'n was 0',
  ],
  'a parameter with a default': [
    `const make = (n = 0, see = () => { n++ }) => see
     const see = make()
     export default { part: {}, step() { see() } }`,
    'n was 0',
  ],
  'a caught error': [
    `function make() { try { throw { n: 0 } } catch (thrown: any) { return () => { thrown.n++ } } }
     const see = make()
     export default { part: {}, step() { see() } }`,
    'thrown.n was 0',
  ],
  'a method replaced on a prototype': [
    `class Part { see() { return 1 } }
     const part = new Part()
     export default { part, step() { Part.prototype.see = () => 2 } }`,
    'prototype.see was function see',
  ],
  'another prototype': [
    `class A {} class B {}
     const part = new A()
     export default { part, step() { Object.setPrototypeOf(part, B.prototype) } }`,
    'part has another prototype',
  ],
  'a getter replaced': [
    `const part = { get value() { return 1 } }
     export default { part, step() { Object.defineProperty(part, 'value', { get: () => 2, configurable: true }) } }`,
    'part.value was replaced',
  ],
  'another tensor': [
    `import * as tf from '@tensorflow/tfjs'
     const part = { mask: tf.scalar(0) }
     export default { part, step() { part.mask = tf.scalar(0) } }`,
    'part.mask is another object',
  ],
  'a symbol that a function gets': [
    `const key = Symbol('key')
     const see: any = () => see[key]
     export default { part: {}, step() { see[key] = 1 } }`,
    'see.[Symbol(key)] is new',
  ],
  'the prototype of a function': [
    `const Part: any = function () {}
     export default { part: {}, step() { Part.prototype = { n: 1 } } }`,
    'Part.prototype is another object',
  ],
  'a method of a computed name that was taken from its object': [
    `const key = 'see'
     const make = () => { let n = 0; return { [key]() { n++ } } }
     const see = make()[key]!
     export default { part: {}, step() { see() } }`,
    'main.ts.see.n was 0',
  ],
  'what tfjs made a function of': [
    `import * as tf from '@tensorflow/tfjs'
     function make() {
       const seen = { n: 0 }
       return tf.customGrad((x: any) => { seen.n++; return { value: x.mul(2), gradFunc: (dy: any) => dy } })
     }
     const twice: any = make()
     export default { part: {}, step() { twice(tf.scalar(1)) } }`,
    'seen.n was 0',
  ],
  'a flag that says whether a variable is trained': [
    `import * as tf from '@tensorflow/tfjs'
     const part = { weight: tf.variable(tf.scalar(0)) }
     export default { part, step() { part.weight.trainable = false } }`,
    'part.weight.trainable was true, and is false',
  ],
  'a tensor that is freed': [
    `import * as tf from '@tensorflow/tfjs'
     const part = { mask: tf.keep(tf.scalar(0)) }
     export default { part, step() { part.mask.dispose() } }`,
    'part.mask is disposed',
  ],
  'a property of a tensor': [
    `import * as tf from '@tensorflow/tfjs'
     const mask: any = tf.scalar(0)
     mask.seen = { n: 0 }
     export default { part: {}, step() { mask.seen.n++ } }`,
    'main.ts.mask.seen.n was 0',
  ],
  'a property that a tensor gets': [
    `import * as tf from '@tensorflow/tfjs'
     const mask: any = tf.scalar(0)
     export default { part: {}, step() { mask.seen = true } }`,
    'main.ts.mask has other properties',
  ],
  'a property of a promise': [
    `const part: any = Promise.resolve()
     export default { part, step() { part.seen = true } }`,
    'part.seen is new',
  ],
  'a circle': [
    `const part: any = { n: 0 }
     part.self = part
     export default { part, step() { part.self.self.n++ } }`,
    'part.n was 0',
  ],
}

describe.each([
  ['as tests compile', false],
  ['as the page compiles', true],
])('state that changes is seen, %s:', (_how, asPage) => {
  test.each(Object.entries(counting))('%s', async (_name, [source, change]) => {
    const { state, run } = await open(source, asPage)
    expect(state.reasons()).toEqual([])
    expect(state.changed()).toBeUndefined()
    run()
    expect(state.changed()).toContain(change)
    state.take()
    expect(state.changed()).toBeUndefined()
  })
})

/** State that no look can show, with what is said of it, and the line that it is said of. */
const unseen: Record<string, [source: string, message: string, line: number]> = {
  'a WeakMap': [
    `const part = {
       cache: new WeakMap() }
     export default { part, step() {} }`,
    'part.cache is a weak collection',
    2,
  ],
  'a WeakRef': [
    `const ref = new WeakRef({})
     export default { part: {}, step() { ref.deref() } }`,
    'main.ts.ref is a weak reference',
    1,
  ],
  'a generator': [
    `function* counting() { let n = 0; while (true) yield n++ }
     const numbers = counting()
     export default { part: {}, step() { numbers.next() } }`,
    'main.ts.numbers is an iterator',
    2,
  ],
  'an async generator': [
    `async function* counting() { yield 1 }
     class Part { #numbers = counting() }
     const part = new Part()
     export default { part, step() {} }`,
    'part.#numbers is an iterator',
    2,
  ],
  'the iterator of an array': [
    `const part = { next: [1, 2][Symbol.iterator]() }
     export default { part, step() { part.next.next() } }`,
    'part.next is an iterator',
    1,
  ],
  'a bound function by another name': [
    `function count(this: { n: number }) { this.n++ }
     const see = Object.defineProperty(count.bind({ n: 0 }), 'name', { value: 'see' })
     export default { part: {}, step() { see() } }`,
    'main.ts.see is a bound function',
    2,
  ],
  'a class of the surroundings that is written in JavaScript': [
    `const url = new URL('http://a/?n=0')
     export default { part: {}, step: () => url.search }`,
    'main.ts.url is of the built-in class URL',
    1,
  ],
  'a bound function': [
    `function count(this: { n: number }) { this.n++ }
     const see = count.bind({ n: 0 })
     export default { part: {}, step() { see() } }`,
    'main.ts.see is a bound function',
    2,
  ],
  'the clock by another name': [
    `const { now } = Date
     export default { part: {}, step: () => now() }`,
    'main.ts.now is Date.now',
    1,
  ],
  'chance by another name': [
    `const part = { chance: Math.random }
     export default { part, step: () => part.chance() }`,
    'part.chance is Math.random',
    1,
  ],
  'all of Math': [
    `const part = { math: Math }
     export default { part, step: () => part.math.random() }`,
    'part.math is Math',
    1,
  ],
  'what all share': [
    `const all = globalThis as any
     export default { part: {}, step: () => all.n++ }`,
    'main.ts.all is globalThis',
    1,
  ],
  'an object of a class of the surroundings': [
    `const order = new Intl.Collator()
     export default { part: {}, step: () => order.compare('a', 'b') }`,
    'main.ts.order is of the built-in class Collator',
    1,
  ],
  'a large array': [
    `const list = Array.from({ length: 5000 }, () => 0)
     export default { part: {}, step() { list[4999]!++ } }`,
    'main.ts.list has 5000 values',
    1,
  ],
  'a large typed array': [
    `const part = { table: new Float32Array(5000) }
     export default { part, step() { part.table[4999]!++ } }`,
    'part.table has 5000 values',
    1,
  ],
  'too many objects': [
    `const list = Array.from({ length: 300 }, () => Array.from({ length: 100 }, () => ({ n: 0 })))
     export default { part: {}, step() { list[299]![99]!.n++ } }`,
    'more than 20000 objects',
    0,
  ],
  'a Proxy': [
    `
     const part = new Proxy({}, {})
     export default { part, step() {} }`,
    'main.ts uses Proxy',
    2,
  ],
  eval: [
    `const count = (0, eval)('(() => { let n = 0; return () => n++ })()')
     export default { part: {}, step: () => count() }`,
    'main.ts uses eval',
    1,
  ],
  'a made function': [
    `const count = new Function('return 1')
     export default { part: {}, step: () => count() }`,
    'main.ts uses Function',
    1,
  ],
}

describe('state that cannot be seen is a reason:', () => {
  test.each(Object.entries(unseen))('%s', async (_name, [source, message, line]) => {
    const { state } = await open(source)
    const lines = state.reasons().map((each) => [each.message, each.location?.line ?? 0])
    expect(lines).toContainEqual([expect.stringContaining(message), line])
  })
})

/** What a step reads or does that no state shows, with what is said of it. */
const noted: Record<string, [source: string, message: string]> = {
  'the time': [`export default { part: {}, step: () =>\n Date.now() }`, 'the step uses Date'],
  'a new Date': [`export default { part: {}, step: () =>\n new Date() }`, 'the step uses Date'],
  chance: [`export default { part: {}, step: () =>\n Math.random() }`, 'the step uses Math.random'],
  'chance by another name': [
    `export default { part: {}, step() {\n const { random } = Math; return random() } }`,
    'the step uses Math',
  ],
  'chance by a computed name': [
    `const key = 'random'\nexport default { part: {}, step: () => Math[key]() }`,
    'the step uses Math',
  ],
  performance: [
    `export default { part: {}, step: () =>\n performance.now() }`,
    'the step uses performance',
  ],
  crypto: [
    `export default { part: {}, step: () =>\n crypto.randomUUID() }`,
    'the step uses crypto',
  ],
  'the console': [
    `export default { part: {}, step: () =>\n console.assert(true) }`,
    'the step uses console',
  ],
  globalThis: [
    `export default { part: {}, step: () =>\n (globalThis as any).n }`,
    'the step uses globalThis',
  ],
  'a global of nobody': [
    `declare const someGlobal: number\nexport default { part: {}, step: () => { try { return someGlobal } catch { return 0 } } }`,
    'the step uses someGlobal',
  ],
  'a global that is not there': [
    `declare const another: number\nexport default { part: {}, step: () => typeof another }`,
    'the step uses another',
  ],
  'a timer': [
    `export default { part: {}, step: () =>\n { clearTimeout(0) } }`,
    'the step uses clearTimeout',
  ],
  'a global in brackets of an object': [
    `export default { part: {}, step: () =>\n ({ performance }) }`,
    'the step uses performance',
  ],
  'chance that tfjs draws': [
    `import * as tf from '@tensorflow/tfjs'\nexport default { part: {}, step: () => tf.randomNormal([2]) }`,
    'the step uses Math.random',
  ],
  'the memory that tensors take': [
    `import * as tf from '@tensorflow/tfjs'\nexport default { part: {}, step: () => tf.memory().numTensors }`,
    'the step reads tf.memory()',
  ],
  'the clock of tfjs': [
    `import * as tf from '@tensorflow/tfjs'\nexport default { part: {}, step: () => tf.util.now() }`,
    'the step reads the clock',
  ],
  'code that waits': [
    `const later = async () => {\nawait undefined }\nexport default { part: {}, step: () => void later() }`,
    'the step waits for a promise',
  ],
  'code that waits in a loop': [
    `const later = async () => {\nfor await (const _ of [1]); }\nexport default { part: {}, step: () => void later() }`,
    'the step waits for a promise',
  ],
  'a promise': [
    `const ready = Promise.resolve()\nexport default { part: {}, step: () => void ready.then(() => 1) }`,
    'the step has code run after it, by a promise',
  ],
  'the step': [
    `export default { part: {}, step: (ctx: any) =>\n ctx.step > 3 }`,
    'the step reads ctx.step',
  ],
  'the step of a copy': [
    `export default { part: {}, step(ctx: any) {\n return { a: 1, ...ctx, mask: 1 }.step } }`,
    'the step reads ctx.step',
  ],
}

describe('what a step reads or does is noted at its line:', () => {
  const ctx = () => sdk.withNoted({ training: true }, 'ctx', { step: 7 })

  test.each(Object.entries(noted))('%s', async (_name, [source, message]) => {
    const { run, state } = await open(source)
    expect(run(ctx()).notes).toContainEqual({
      kind: 'reads',
      message,
      location: expect.objectContaining({ file: 'main.ts', line: 2 }) as object,
    })
    expect(state.reasons()).toEqual([])
  })

  test('not what is read or done at other times', async () => {
    const { run, made } = await open(`const begun = Date.now()
      export default { part: {}, begun, step: () => begun, other: () => Math.random() }`)
    ;(made as unknown as { other(): void }).other()
    expect(run().notes).toEqual([])
  })

  test('random numbers that JavaScript draws, and not those of the device', async () => {
    const { run } = await open(`import { nn } from 'plugboard'
      export default { part: {}, step: (ctx: any) => ctx.draw ? ctx.random.next() : nn.uniform(ctx.random, [3]) }`)
    const random = sdk.stepRandom(sdk.createRandom(1), 1)
    expect(run({ random }).notes).toEqual([])
    expect(run({ random, draw: true }).notes).toMatchObject([
      { message: expect.stringContaining('random numbers in JavaScript') as string },
    ])
  })
})

/** What code changes in objects that all code shares, what undoes it, and what is said of it. */
const shared: Record<string, [change: string, undo: string, message: string]> = {
  'a property of Math': [
    '(Math as any).mine = 1',
    'delete (Math as any).mine',
    'Math has a new property, mine',
  ],
  'a method of arrays': [
    '(Array.prototype as any).mine = () => 1',
    'delete (Array.prototype as any).mine',
    'Array.prototype has a new property, mine',
  ],
  'a method of tensors': [
    '(tf.Tensor.prototype as any).twice = function () { return this.mul(2) }',
    'delete (tf.Tensor.prototype as any).twice',
    'tf.Tensor.prototype has a new property, twice',
  ],
  'a flag of tfjs': [
    `tf.env().set('DEPRECATION_WARNINGS_ENABLED', false)`,
    `tf.env().set('DEPRECATION_WARNINGS_ENABLED', true)`,
    'the flag DEPRECATION_WARNINGS_ENABLED of tf.env() was set',
  ],
}

describe('what code leaves in objects that all code shares is seen:', () => {
  test.each(Object.entries(shared))('%s', async (_name, [change, undo, message]) => {
    const { state, run, made } = await open(`import * as tf from '@tensorflow/tfjs'
      tf.env().getBool('DEPRECATION_WARNINGS_ENABLED')
      export default { part: {}, step() { ${change} }, undo() { ${undo} } }`)
    expect(state.reasons()).toEqual([])
    expect(state.changed()).toBeUndefined()
    run()
    expect(state.changed()).toBe(message)
    ;(made as unknown as { undo(): void }).undo()
    expect(state.changed()).toBeUndefined()
  })

  test('what such a method depends on', async () => {
    const { state, run, made } = await open(`let by = 2
      Object.assign(Number.prototype, { mine: () => by })
      export default { part: {}, step() { by = 3 }, undo() { delete (Number.prototype as any).mine } }`)
    run()
    expect(state.changed()).toBe('main.ts.by was 2, and is 3')
    ;(made as unknown as { undo(): void }).undo()
  })
})

describe('what does not change is no change:', () => {
  test('helpers, constants, schemas, tensors, and copies of a context', async () => {
    const { run, state } = await open({
      'main.ts': `import * as tf from '@tensorflow/tfjs'
        import { Module, nn, z, plugin } from 'plugboard'
        import { twice } from './lib/twice.ts'
        const config = z.strictObject({ a: z.number().default(1) })
        const { sqrt } = Math
        enum Mode { a, b }
        const scaled = (by: number) => (x: any) => x.mul(nn.scalar(twice(by)))
        class Part extends Module {
          readonly mask = tf.tensor1d([1, 2])
          readonly #scale = scaled(3)
          sizes = [1, 2, 3]
          forward(x: any, ctx: any) {
            let sum = 0
            this.sizes.forEach((size) => { sum += size })
            const inner = { ...ctx, mask: this.mask }
            return tf.tidy(() => this.#scale(x).mul(nn.scalar(sqrt(sum))).add(inner.mask)) as any
          }
        }
        const part = new Part()
        export default { part, step: (ctx: any) => part.forward(tf.ones([2]), ctx), config, Mode, plugin }`,
      'lib/twice.ts': `export const twice = (n: number): number => n * 2`,
    })
    expect(state.reasons()).toEqual([])
    const { notes, result } = run(sdk.withNoted({}, 'ctx', { step: 7 }))
    expect(notes).toEqual([])
    expect([...(result as tf.Tensor).dataSync()]).toEqual(
      [6, 6].map((n, i) => Math.fround(n * Math.fround(Math.sqrt(6))) + 1 + i),
    )
    run()
    expect(state.changed()).toBeUndefined()
  })

  test('a callback that a class of another module keeps is state', async () => {
    const { run, state } = await open({
      'main.ts': `import { Later } from './lib/later.ts'
        const make = () => { let n = 0; const later = new Later(); later.map(() => n++); return later }
        const later = make()
        export default { part: {}, step: () => later.calls[0]!() }`,
      'lib/later.ts': `export class Later { calls: any[] = []; map(call: any) { this.calls.push(call) } }`,
    })
    run()
    expect(state.changed()).toContain('n was 0, and is 1')
  })

  test('state of a module that is imported is state', async () => {
    const { run, state } = await open({
      'main.ts': `import { count } from './lib/count.ts'
        export default { part: {}, step: () => count() }`,
      'lib/count.ts': `let n = 0\nexport const count = () => n++`,
    })
    run()
    expect(state.changed()).toBe('lib/count.ts.n was 0, and is 1')
  })
})
