// Where a module writes a member of a class or an object.
import type { Node } from 'acorn'
import type { SourceLocation } from '#sdk'
import { type ParsedModule, visit } from './parse.ts'

const MEMBERS: readonly string[] = ['MethodDefinition', 'PropertyDefinition', 'Property']

const isVariable = (node: Node, name: string): boolean =>
  node.type === 'VariableDeclarator' && (node as { id?: { name?: string } }).id?.name === name

const isMember = (node: Node, name: string): boolean => {
  if (!MEMBERS.includes(node.type)) return false
  const { key } = node as unknown as { key: { name?: unknown; value?: unknown } }
  return key.name === name || key.value === name
}

/** The first member `name` of any class or object of a module. */
export const placeOfMember = (module: ParsedModule, name: string): SourceLocation | undefined =>
  placeOf(module, (node) => isMember(node, name))

/** The first variable or member `name` of a module. */
export const placeOfName = (module: ParsedModule, name: string): SourceLocation | undefined =>
  placeOf(module, (node) => isVariable(node, name)) ?? placeOfMember(module, name)

function placeOf(
  { program, locationOf }: ParsedModule,
  is: (node: Node) => boolean,
): SourceLocation | undefined {
  let found: Node | undefined
  visit(program.body, (node) => {
    if (!found && is(node)) found = node
  })
  return found && locationOf(found)
}
