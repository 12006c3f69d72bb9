// What trained models must reach on rows they never saw. Each task is the workspace in the folder of its name.

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {string} shows What is trained, on what.
 * @property {string} metric Of the validation rows, after the last step.
 * @property {number} [atLeast]
 * @property {number} [atMost]
 * @property {number} [withinOf] Largest share that the metric may lie from that of PyTorch, in `pytorch.json`.
 */

/** @type {readonly Task[]} */
export const TASKS = [
  {
    name: 'names',
    shows: 'GPT, 27,000 parameters, letters of first names',
    metric: 'val_loss',
    atMost: 2.2,
    withinOf: 0.01,
  },
  {
    name: 'moby-dick',
    shows: 'GPT of workload W1, 206,000 parameters, letters of Moby Dick',
    metric: 'val_loss',
    atMost: 2.1,
    withinOf: 0.01,
  },
]
