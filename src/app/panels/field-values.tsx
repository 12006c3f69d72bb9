// Fields of a log line or an event, behind its words.

export const FieldValues = ({
  fields,
}: {
  fields: readonly (readonly [name: string, value: string])[]
}) =>
  fields.map(([name, value]) => (
    <span key={name} className="log-field">
      {' '}
      <span className="log-field-name">{name}=</span>
      {value}
    </span>
  ))
