// What trained models must reach on rows they never saw. Each task is the workspace in the folder of its name.

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {string} shows What is trained, on what.
 * @property {string} metric Of the validation rows, after the last step.
 * @property {number} [atLeast]
 * @property {number} [atMost]
 * @property {number} [folds] Trained once for each fold; the metric is their mean.
 * @property {readonly number[]} [seeds] All folds once for each seed, which deals the rows anew; the metric is the
 *   mean of all.
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
  {
    name: 'digits-mlp',
    shows: 'MLP 784-128-10, all of MNIST',
    metric: 'val_accuracy',
    atLeast: 0.97,
  },
  {
    name: 'digits-cnn',
    shows: 'CNN of two convolutions, all of MNIST',
    metric: 'val_accuracy',
    atLeast: 0.985,
  },
  { name: 'spam', shows: 'encoder from scratch, mails', metric: 'val_f1', atLeast: 0.95 },
  {
    name: 'iris',
    shows: 'MLP, five folds',
    metric: 'val_accuracy',
    atLeast: 0.96,
    folds: 5,
    seeds: [1, 2, 3, 4, 5],
  },
  {
    name: 'penguins',
    shows: 'MLP, five folds',
    metric: 'val_accuracy',
    atLeast: 0.96,
    folds: 5,
    seeds: [1, 2, 3, 4, 5],
  },
  { name: 'copy', shows: 'GPT, eight symbols', metric: 'val_exact_match', atLeast: 0.99 },
  { name: 'reverse', shows: 'GPT, eight symbols', metric: 'val_exact_match', atLeast: 0.99 },
  { name: 'sort', shows: 'GPT, eight symbols', metric: 'val_exact_match', atLeast: 0.99 },
]
