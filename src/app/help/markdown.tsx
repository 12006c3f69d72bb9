// Markdown as elements. Text only ever becomes text: HTML in it is shown as it is written.
import type { Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { CodeSample } from './code-sample.tsx'
import { showHelp } from './help-actions.ts'

const texts = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, index) => <Fragment key={index}>{inline(token)}</Fragment>)

/** What stands in a line. */
function inline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{texts(token.tokens)}</strong>
    case 'em':
      return <em>{texts(token.tokens)}</em>
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'link':
      return <Link href={(token as Tokens.Link).href}>{texts(token.tokens)}</Link>
    case 'br':
      return <br />
    case 'text':
      return token.tokens ? texts(token.tokens) : (token as Tokens.Text).text
    case 'escape':
      return (token as Tokens.Escape).text
    default:
      return token.raw
  }
}

/** Inside of the help, or out of the page in a tab of its own. */
function Link({ href, children }: { href: string; children: ReactNode }) {
  if (href.startsWith('#')) {
    return (
      <button type="button" className="help-link" onClick={() => showHelp(href.slice(1))}>
        {children}
      </button>
    )
  }
  if (!/^https?:\/\//.test(href)) return <>{children}</>
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

function List({ ordered, start, items }: Tokens.List) {
  const rows = items.map((item, index) => (
    <li key={index}>
      <Markdown tokens={item.tokens} />
    </li>
  ))
  return ordered ? <ol start={Number(start) || 1}>{rows}</ol> : <ul>{rows}</ul>
}

function Table({ header, rows }: Tokens.Table) {
  return (
    <div className="help-table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }, index) => (
              <th key={index} scope="col">
                {texts(tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map(({ tokens }, column) => (
                <td key={column}>{texts(tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'paragraph':
      return <p>{texts(token.tokens)}</p>
    case 'list':
      return <List {...(token as Tokens.List)} />
    case 'table':
      return <Table {...(token as Tokens.Table)} />
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code
      return <CodeSample text={text} info={lang} />
    }
    case 'blockquote':
      return (
        <blockquote>
          <Markdown tokens={token.tokens ?? []} />
        </blockquote>
      )
    case 'space':
      return null
    default:
      return inline(token)
  }
}

export function Markdown({ tokens }: { tokens: readonly Token[] }) {
  return tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>)
}
