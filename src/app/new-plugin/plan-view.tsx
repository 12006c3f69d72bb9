// What making a plugin comes to, before it is done: its files, each to look into, and the project file.
import { type PluginPlan, PROJECT_FILE } from '#workspace'
import type { ReactNode } from 'react'

/** What becomes of the project file, before the lines that name the plugin. */
function willSay({ text, isLeft }: PluginPlan['project']): string {
  if (text !== undefined) return 'names it'
  return isLeft ? 'stays as it is; the plugin takes part when it says:' : 'has settings for it'
}

export function PlanView({ plan }: { plan: PluginPlan }) {
  const { files, pluginPath, testPath, project, needs } = plan
  const isNamed = project.text !== undefined || project.isLeft
  return (
    <div className="plan" role="group" aria-label="What will be made">
      <PlannedFile path={pluginPath} text={files.get(pluginPath)}>
        {pluginPath.endsWith('.yaml') ? 'the model' : 'the plugin'}
      </PlannedFile>
      <PlannedFile path={testPath} text={files.get(testPath)}>
        its test
      </PlannedFile>
      <PlannedFile path={PROJECT_FILE} text={isNamed ? project.lines : undefined} isOpen>
        {willSay(project)}
      </PlannedFile>
      {needs !== undefined && <p>It needs {needs}.</p>}
    </div>
  )
}

interface PlannedFileProps {
  path: string
  text: string | undefined
  isOpen?: boolean
  children: ReactNode
}

function PlannedFile({ path, text, isOpen = false, children }: PlannedFileProps) {
  const title = (
    <>
      <code>{path}</code> {children}
    </>
  )
  if (text === undefined) return <p>{title}</p>
  return (
    <details open={isOpen}>
      <summary>{title}</summary>
      <pre tabIndex={0} aria-label={`Text for ${path}`}>
        {text}
      </pre>
    </details>
  )
}
