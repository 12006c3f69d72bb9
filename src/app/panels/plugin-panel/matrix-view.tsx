// Heat maps: a confusion matrix, attention from token to token; several stand side by side.
import { useMemo } from 'react'
import type { Matrices } from './content-types.ts'
import { matrixSource } from './matrix-picture.ts'
import { Picture } from './picture.tsx'

export function MatrixView({ matrices, rowsAre, columnsAre, range }: Matrices) {
  const sources = useMemo(
    () => matrices.map((matrix) => matrixSource(matrix, { rowsAre, columnsAre, range })),
    [matrices, rowsAre, columnsAre, range],
  )
  return (
    <div className="pictures" data-single={matrices.length === 1 || undefined}>
      {matrices.map(({ title, rows, columns }, index) => (
        <Picture
          key={index}
          title={title}
          summary={`heat map of ${rows.length} rows and ${columns.length} columns`}
          source={sources[index]!}
        />
      ))}
    </div>
  )
}
