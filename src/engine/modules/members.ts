// Where a module writes a member of a class or an object.
import type { Node } from 'acorn'
import type { SourceLocation } from '#sdk'
import { type ParsedModule, visit } from './parse.ts'

const MEMBERS: readonly string[] = ['MethodDefinition', 'PropertyDefinition', 'Property']

const isNamed = (node: Node, name: string): boolean => {
  if (!MEMBERS.includes(node.type)) return false
  const { key } = node as unknown as { key: { name?: unknown; value?: unknown } }
  return key.name === name || key.value === name
}

/** The first member `name` of any class or object of a module. */
export function placeOfMember(
  { program, locationOf }: ParsedModule,
  name: string,
): SourceLocation | undefined {
  let found: Node | undefined
  visit(program.body, (node) => {
    if (isNamed(node, name)) found ??= node
  })
  return found && locationOf(found)
}
