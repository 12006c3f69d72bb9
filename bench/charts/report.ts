// What the bench of charts asks of its page, and gets.

export interface ChartLoad {
  runs: number
  /** Of each metric of each run; there are four metrics, each in a chart. */
  points: number
  /** Of the run that is on. */
  stepsPerSecond: number
}

export interface Frames {
  /** From one frame to the next. */
  framesMs: number[]
  /** Tasks over 50 ms. */
  longTasksMs: number[]
}
