// Using a model: what it takes, and what it makes of a row.
export { type Forward, TryOut } from './try-out.ts'
