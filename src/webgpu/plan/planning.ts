// From a graph to launches: which kernels, in which order, where each value lies.
import type { Halves, Kernel } from '../fuse/kernel.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { halvesOf } from './halving.ts'
import { launchesOf } from './launches.ts'
import { type Overlaps, overlapsOf } from './overlaps.ts'
import { aligned, ALIGNMENT, type Lifetime, layOut } from './memory.ts'
import type { Binding, Copy, Launch, Place, Plan, PlanInput } from './plan.ts'

/** At four bytes a number; no binding may be empty. */
const bytesOf = (node: Node): number => Math.max(1, sizeOf(node.shape)) * 4

/** The node that has the values: a reshaped one lies in memory as the one before. */
function valuesOf(node: Node): Node {
  let at = node
  while (at.op === 'reshape') at = at.inputs[0]!
  return at
}

/** Throws what the compiler throws for a graph that it can't take. */
export function makePlan(input: PlanInput): Plan {
  return new Planning(input).plan
}

class Planning {
  readonly #input: PlanInput
  readonly #places = new Map<Node, Place>()
  readonly #launches: readonly (readonly Kernel[])[]
  readonly #halves: Halves | undefined
  readonly #shared: readonly Map<Node, Node>[]
  readonly #overlaps: Overlaps
  readonly #writer = new Map<Node, number>()
  readonly #readers = new Map<Node, number[]>()
  readonly #externals = new Map<number, Node>()
  readonly #copiesBefore: Copy[] = []
  readonly #copiesAfter: Copy[] = []
  /** New values of what is still read after they are there: they are copied to their places at the end. */
  readonly #moved = new Map<Node, Place[]>()
  readonly plan: Plan

  constructor(input: PlanInput) {
    this.#input = input
    const outputs = input.outputs.map((node) => node && valuesOf(node))
    const computed = input.computed.map(({ node, members: own }) => ({
      node,
      members: own.map((member) => ({ ...member, node: valuesOf(member.node) })),
    }))
    this.#overlaps = overlapsOf({ given: input.given, computed })
    const members = computed.flatMap((pack) => pack.members.map(({ node }) => node))
    const packs = input.computed.map(({ node }) => node)
    const wholes = input.wholes.map(({ node }) => node)
    const wanted = [...outputs, ...wholes, ...members, ...packs].filter(
      (node) => node !== undefined && node.op !== 'input',
    ) as Node[]
    const updates = new Set([...outputs, ...wholes])
    this.#launches = this.#ordered([...new Set(wanted)], new Set(packs), updates)
    const { compiler, halveFrom } = input
    if (halveFrom !== undefined)
      this.#halves = halvesOf(this.#launches.flat(), {
        compiler,
        halveFrom,
        wanted: new Set(wanted),
      })
    this.#shared = this.#launches.map(() => new Map<Node, Node>())
    this.#noteUses()

    const { uploads, uploadBytes } = this.#placeInputs()
    const tables = this.#placeTables()
    for (const [index, { node, windows }] of input.given.entries())
      for (const part of [{ node, offset: 0 }, ...windows])
        this.#places.set(part.node, { kind: 'pack', index, offset: part.offset * 4 })
    const isDonated = outputs.map((node, index) => (node ? this.#keep(node, index) : false))
    for (const whole of input.wholes) this.#keepWhole(whole, isDonated)
    const arena = this.#placeRest()
    for (const [node, places] of this.#moved)
      for (const to of places)
        this.#copiesAfter.push({ from: this.#places.get(node)!, to, bytes: bytesOf(node) })
    this.plan = {
      packs: input.given.map(({ node, members: own }) => ({
        bytes: bytesOf(node),
        members: own.map(({ node: member, offset }) => ({
          external: this.#externalOf(member),
          offset: offset * 4,
        })),
      })),
      copiesBefore: this.#copiesBefore,
      launches: this.#launches.map((kernels, at) => this.#launch(kernels, at)),
      copiesAfter: this.#copiesAfter,
      ...arena,
      uploadBytes,
      uploads,
      tables,
      isDonated,
    }
  }

  /** Without kernels that only put values side by side: these are written there. Updates in place come last. */
  #ordered(
    wanted: readonly Node[],
    packs: ReadonlySet<Node>,
    updates: ReadonlySet<Node | undefined>,
  ): Kernel[][] {
    const { compiler, traits } = this.#input
    const kernels = justInTime(compiler.fuse(wanted, traits, packs))
    const read = new Set(kernels.flatMap(({ reads }) => reads))
    const isUpdate = ({ writes }: Kernel): boolean =>
      writes.every((node) => updates.has(node) && !read.has(node))
    const ordered = [...kernels.filter((it) => !isUpdate(it)), ...kernels.filter(isUpdate)]
    return launchesOf(ordered, {
      mostBindings: traits.maxStorageBuffers,
      alone: updates,
      overlaps: this.#overlaps,
    })
  }

  #noteUses(): void {
    this.#launches.forEach((kernels, at) => {
      for (const node of kernels.flatMap(({ writes }) => writes)) this.#writer.set(node, at)
      for (const node of new Set(kernels.flatMap(({ reads }) => reads))) {
        const known = this.#readers.get(node)
        if (known) known.push(at)
        else this.#readers.set(node, [at])
      }
    })
  }

  #placeInputs() {
    const uploads: { external: number; offset: number }[] = []
    let uploadBytes = 0
    for (const { node, external, isUpload } of this.#input.inputs) {
      this.#externals.set(external, node)
      if (!isUpload) this.#places.set(node, { kind: 'external', index: external })
      else {
        this.#places.set(node, { kind: 'upload', offset: uploadBytes })
        uploads.push({ external, offset: uploadBytes })
        uploadBytes += aligned(bytesOf(node))
      }
    }
    return { uploads, uploadBytes }
  }

  #placeTables(): Int32Array {
    const { tables } = this.#input
    const all: number[] = []
    for (const [node, values] of tables) {
      this.#places.set(node, { kind: 'table', offset: all.length * 4 })
      all.push(...values)
      while ((all.length * 4) % ALIGNMENT !== 0) all.push(0)
    }
    return Int32Array.from(all)
  }

  #externalOf(node: Node): number {
    return this.#input.inputs.find((each) => each.node === node)!.external
  }

  /** Whether `node` may be written where `before` is: nobody reads that later, nor elsewhere in the same kernel. */
  #fits(node: Node, before: Node | undefined): boolean {
    const at = this.#writer.get(node)!
    if (before === undefined) return true
    if (bytesOf(before) !== bytesOf(node)) return false
    const reads = this.#readers.get(before) ?? []
    if (reads.some((reader) => reader > at)) return false
    if (!reads.includes(at)) return true
    const [kernel, ...others] = this.#launches[at]!
    if (others.length > 0 || !this.#input.compiler.canShare(kernel!, node, before)) return false
    this.#shared[at]!.set(node, before)
    return true
  }

  /** Finds an output's place. True when it is its donor's. */
  #keep(node: Node, index: number): boolean {
    const known = this.#places.get(node)
    const own: Place = { kind: 'kept', index }
    if (known) {
      // An input that is handed on, or a value that is kept twice.
      const copies = node.op === 'input' ? this.#copiesBefore : this.#copiesAfter
      copies.push({ from: known, to: own, bytes: bytesOf(node) })
      return false
    }
    const moved = this.#moved.get(node)
    if (moved) {
      moved.push(own)
      return false
    }
    const donor = this.#input.donors[index]
    if (donor === undefined) {
      this.#places.set(node, own)
      return false
    }
    const given: Place = { kind: 'external', index: donor }
    if (this.#fits(node, this.#externals.get(donor))) this.#places.set(node, given)
    else this.#moved.set(node, [given])
    return true
  }

  /** Parts of a whole lie where their donors do, which are the members of a pack. */
  #keepWhole({ node, parts }: PlanInput['wholes'][number], isDonated: boolean[]): void {
    const index = this.#input.given.findIndex(({ members }) =>
      parts.every(
        ({ output }, i) => this.#externals.get(this.#input.donors[output]!) === members[i]?.node,
      ),
    )
    const pack = this.#input.given[index]
    if (!pack || !this.#fits(node, pack.node)) throw new Error('an update does not fit its pack')
    // What is read by itself is read before it changes.
    const at = this.#writer.get(node)!
    for (const part of [...pack.members, ...pack.windows])
      if (this.#readers.get(part.node)?.some((reader) => reader >= at))
        throw new Error('a value is read after it was updated')
    this.#places.set(node, { kind: 'pack', index, offset: 0 })
    for (const { output } of parts) isDonated[output] = true
  }

  /** Everything else lives in the arena; what is packed there in one piece. */
  #placeRest(): Pick<Plan, 'arenaBytes' | 'mixed'> {
    const pieces: { nodes: { node: Node; offset: number }[]; lifetime: Lifetime }[] = []
    const packed = new Set<Node>()
    for (const { node, members } of this.#input.computed) {
      const nodes = members.map((each) => ({ node: valuesOf(each.node), offset: each.offset * 4 }))
      for (const each of nodes) {
        if (this.#places.has(each.node)) throw new Error('a value that is packed lies elsewhere')
        packed.add(each.node)
      }
      nodes.push({ node, offset: 0 })
      packed.add(node)
      pieces.push({
        nodes,
        lifetime: this.#lifetime(
          nodes.map((each) => each.node),
          bytesOf(node),
        ),
      })
    }
    for (const node of this.#writer.keys()) {
      if (this.#places.has(node) || packed.has(node)) continue
      pieces.push({
        nodes: [{ node, offset: 0 }],
        lifetime: this.#lifetime([node], this.#bytesOf(node)),
      })
    }
    const { offsets, bytes } = layOut(pieces.map(({ lifetime }) => lifetime))
    pieces.forEach(({ nodes }, i) => {
      for (const { node, offset } of nodes)
        this.#places.set(node, { kind: 'arena', offset: offsets[i]! + offset })
    })
    if (!this.#halves) return { arenaBytes: bytes, mixed: undefined }
    const whole = layOut(
      pieces.map(({ nodes, lifetime }) => ({ ...lifetime, bytes: bytesOf(nodes.at(-1)!.node) })),
    )
    return { arenaBytes: bytes, mixed: { halves: this.#halves, wholeBytes: whole.bytes } }
  }

  #bytesOf(node: Node): number {
    const bytes = bytesOf(node)
    return this.#halves?.has(node) ? bytes / 2 : bytes
  }

  #lifetime(nodes: readonly Node[], bytes: number): Lifetime {
    const written = nodes.flatMap((node) => this.#writer.get(node) ?? [])
    const read = nodes.flatMap((node) => this.#readers.get(node) ?? [])
    if (nodes.some((node) => this.#moved.has(node))) read.push(this.#launches.length)
    return { bytes, first: Math.min(...written), last: Math.max(...written, ...read) }
  }

  #launch(kernels: readonly Kernel[], at: number): Launch {
    const { compiler, traits } = this.#input
    const shader = compiler.generate(kernels, {
      traits,
      shared: this.#shared[at]!,
      halves: this.#halves,
    })
    const { bindings: nodes } = shader
    const { length } = nodes
    if (length > traits.maxStorageBuffers)
      throw new Error(
        `a kernel needs ${length} buffers, the device binds ${traits.maxStorageBuffers}`,
      )
    const bindings = nodes.map((node) => ({
      place: this.#places.get(node)!,
      bytes: this.#bytesOf(node),
    }))
    if (
      nodes.some((node) => nodes.some((other) => this.#overlaps.get(node)?.has(other))) ||
      bindings.some((binding, i) => bindings.slice(0, i).some((it) => overlapInArena(binding, it)))
    )
      throw new Error('a kernel binds memory twice')
    return { kernels, shader, bindings }
  }
}

/** What only inputs of the graph are needed for comes in front of its first reader. */
function justInTime(kernels: readonly Kernel[]): Kernel[] {
  const written = new Set(kernels.flatMap(({ writes }) => writes))
  const read = new Set(kernels.flatMap(({ reads }) => reads))
  const waiting = new Map<Node, Kernel>()
  const ordered = new Set<Kernel>()
  for (const kernel of kernels) {
    const { reads, writes } = kernel
    const isFree = reads.every((node) => !written.has(node))
    if (isFree && writes.some((node) => read.has(node)))
      for (const node of writes) waiting.set(node, kernel)
    else {
      for (const node of reads) if (waiting.has(node)) ordered.add(waiting.get(node)!)
      ordered.add(kernel)
    }
  }
  return [...ordered]
}

function overlapInArena(a: Binding, b: Binding): boolean {
  const [one, other] = [a.place, b.place]
  if (one.kind !== 'arena' || other.kind !== 'arena') return false
  return one.offset < other.offset + b.bytes && other.offset < one.offset + a.bytes
}
