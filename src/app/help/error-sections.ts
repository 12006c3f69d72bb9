// The section of the guide that tells more about an error, by its code or the part of it before the dot.

/** Ids of headings of docs/guide.md. */
export const errorSections: Readonly<Record<string, string>> = {
  manifest: 'a-plugin-and-its-life',
  plugin: 'a-plugin-and-its-life',
  method: 'a-plugin-and-its-life',
  lifecycle: 'a-plugin-and-its-life',
  config: 'the-workspace',
  module: 'the-workspace',
  hook: 'hooks',
  kind: 'contributions',
  contribution: 'contributions',
  service: 'services',
  asset: 'the-workspace',
  artefact: 'things-to-show-keep-and-do',
  file: 'tables-and-files-of-your-own',
  checkpoint: 'checkpoints-going-on-and-passing-on',
  data: 'data-and-heads',
  model: 'modules-and-the-rules-of-a-training-step',
  loss: 'contributions',
  'run.nonfinite': 'modules-and-the-rules-of-a-training-step',
  reload: 'hot-reload',
  test: 'testing',
}

const FALLBACK = 'when-something-goes-wrong'

export const sectionOfError = (code: string): string =>
  errorSections[code] ?? errorSections[code.slice(0, code.indexOf('.'))] ?? FALLBACK
