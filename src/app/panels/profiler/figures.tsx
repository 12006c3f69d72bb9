// Figures side by side, each under its name.
export type Figure = readonly [name: string, value: string]

interface FiguresProps {
  figures: readonly Figure[]
}

export const Figures = ({ figures }: FiguresProps) => (
  <dl className="figures profile-figures">
    {figures.map(([name, value]) => (
      <div key={name} className="figure">
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
