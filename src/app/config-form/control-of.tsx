// The control for each kind of setting.
import { Choice, Flag } from './choice.tsx'
import { Component } from './component.tsx'
import { Group } from './group.tsx'
import { List } from './list.tsx'
import type { AnyControlProps } from './parts.ts'
import { RecordRows } from './record.tsx'
import { AnyText, NumberText, Text } from './texts.tsx'
import { Variants } from './variants.tsx'

export function ControlOf({ control, ...rest }: AnyControlProps) {
  switch (control.kind) {
    case 'number':
      return <NumberText {...rest} control={control} />
    case 'boolean':
      return <Flag {...rest} control={control} />
    case 'text':
      return <Text {...rest} control={control} />
    case 'choice':
      return <Choice {...rest} control={control} />
    case 'list':
      return <List {...rest} control={control} />
    case 'record':
      return <RecordRows {...rest} control={control} />
    case 'group':
      return <Group {...rest} control={control} />
    case 'component':
      return <Component {...rest} control={control} />
    case 'variants':
      return <Variants {...rest} control={control} />
    case 'any':
      return <AnyText {...rest} control={control} />
    default:
      return control satisfies never
  }
}
