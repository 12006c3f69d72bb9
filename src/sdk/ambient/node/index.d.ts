// Stands in for @types/node, which the types of papaparse pull in: no zone that runs anywhere may know Node's names.
export {}
