// Uses the model while it learns, and afterwards: type a text, draw a picture, fill in a row.
import { Shuffle, WandSparkles } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { InputValue, PredictForm } from '#protocol'
import { Button } from '../../ui/button.tsx'
import { Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { Slider } from '../../ui/slider.tsx'
import { formatCount } from '../../ui/format.ts'
import { useWorkspace } from '../../workspace/index.ts'
import { ErrorView } from '../error-view.tsx'
import { InputField } from './input-field.tsx'
import { ResultView } from './result-view.tsx'
import { keepFor, useKept } from './use-kept.ts'
import { useOnScreen } from './use-on-screen.ts'
import { useForm, usePrediction } from './use-prediction.ts'
import { StartRun } from '../../session/start-run.tsx'
import './try-it.css'

export function TryItPanel() {
  const form = useForm()
  const workspace = useWorkspace(({ entry }) => entry?.id)
  if (!form) {
    return (
      <EmptyState icon={<WandSparkles size={28} />} title="No model yet">
        <p>As soon as the model is built you can use it here, while it learns and afterwards.</p>
        <StartRun />
      </EmptyState>
    )
  }
  // What was filled in serves the next run too, if that takes the same.
  const owner = JSON.stringify([workspace, form.inputs, form.isContinued])
  keepFor(owner)
  return <TryIt key={owner} form={form} />
}

type Values = Readonly<Record<string, InputValue>>

/** A picture begins as blank paper. */
function beginning({ inputs, examples: [first = {}] }: PredictForm): Values {
  const blank = inputs.flatMap(({ name, kind }) => {
    const example = first[name]
    return kind === 'image' && typeof example === 'object'
      ? [[name, new Float32Array(example.length)]]
      : []
  })
  return { ...first, ...(Object.fromEntries(blank) as Values) }
}

const MAX_LENGTH = 400
const MAX_TEMPERATURE = 2

function TryIt({ form }: { form: PredictForm }) {
  const { inputs, examples, isContinued } = form
  const [values, setValues] = useKept('values', () => beginning(form))
  const [example, setExample] = useKept('example', () => 0)
  // Of the number fields, which keep what is typed in them.
  const [version, setVersion] = useState(0)
  const [temperature, setTemperature] = useKept('temperature', () => 0.8)
  const [length, setLength] = useKept('length', () => 100)
  const [seed, setSeed] = useKept('seed', () => 0)
  // A text costs a pass for each token: it is written anew when asked for.
  const [isLive, setLive] = useKept('isLive', () => !isContinued)
  const options = useMemo(() => ({ temperature, length, seed }), [temperature, length, seed])
  const panel = useRef<HTMLDivElement>(null)
  const isSeen = useOnScreen(panel)
  const { prediction, error } = usePrediction({ values, options, run: form.run, isLive, isSeen })

  function takeExample() {
    const next = examples[example % examples.length]
    setExample(example + 1)
    setVersion(version + 1)
    if (next) setValues(next)
  }

  // A pad has a button of its own for examples.
  const hasPad = inputs.some(({ kind }) => kind === 'image')
  const prompt = inputs.find(({ kind }) => kind === 'text')?.name
  return (
    <div ref={panel} className="try-it">
      <div className="panel-bar">
        {isContinued ? (
          <>
            <Slider
              label="Temperature"
              value={temperature}
              max={MAX_TEMPERATURE}
              step={0.05}
              format={(value) => value.toFixed(2)}
              onChange={setTemperature}
            />
            <Slider
              label="Length"
              value={length}
              max={MAX_LENGTH}
              step={10}
              format={formatCount}
              onChange={(value) => setLength(Math.max(1, value))}
            />
            <Button icon={<WandSparkles size={14} />} onClick={() => setSeed(seed + 1)}>
              Write
            </Button>
          </>
        ) : null}
        {isContinued || hasPad ? null : (
          <Button icon={<Shuffle size={14} />} onClick={takeExample}>
            Example
          </Button>
        )}
        <Toggle isOn={isLive} onChange={setLive}>
          Live
        </Toggle>
      </div>
      <div className="try-body" tabIndex={0}>
        <div className="try-inputs">
          {inputs.map((input) => (
            <InputField
              key={`${input.name} ${version}`}
              form={input}
              value={values[input.name]!}
              onChange={(value) => setValues((before) => ({ ...before, [input.name]: value }))}
              onExample={takeExample}
            />
          ))}
        </div>
        <div className="try-results" role="status" aria-label="What the model says">
          {error ? <ErrorView info={error} /> : null}
          {prediction?.results.map((result) => (
            <div key={result.output}>
              {prediction.results.length > 1 ? <h3>{result.output}</h3> : null}
              <ResultView result={result} prompt={prompt ? String(values[prompt]) : ''} />
            </div>
          ))}
          {prediction ? (
            <p className="panel-muted numeric">after {formatCount(prediction.step)} steps</p>
          ) : null}
        </div>
      </div>
    </div>
  )
}
