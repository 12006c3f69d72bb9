// What a person reads of a raw mail: its subject, and the text of its body.

/**
 * @param {string} raw headers, an empty line, the body
 * @returns {{ subject: string, body: string }}
 */
export function readableText(raw) {
  const { headers, content } = splitMail(raw)
  const subject = decodeWords(headers.get('subject') ?? '')
  return { subject: tidy(subject), body: tidy(bodyText(headers, content)) }
}

/** @param {string} raw */
function splitMail(raw) {
  const text = raw.replaceAll('\r\n', '\n')
  const end = text.search(/\n[ \t]*\n/)
  const head = end < 0 ? text : text.slice(0, end)
  /** @type {Map<string, string>} */
  const headers = new Map()
  // A line that begins with a blank goes on with the one before.
  for (const line of head.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([\w-]+):(.*)/.exec(line) ?? []
    if (name && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value ?? '')
  }
  return { headers, content: end < 0 ? '' : text.slice(end).trimStart() }
}

/**
 * Plain text where a part has some, else HTML without its tags; nothing of attached files.
 * @param {Map<string, string>} headers
 * @param {string} content
 * @returns {string}
 */
function bodyText(headers, content) {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type)
  if (/^\s*multipart/i.test(type) && boundary) {
    const pieces = content.split(`--${boundary[1] ?? boundary[2]}`).slice(1)
    const parts = pieces
      .filter((piece) => !piece.startsWith('--'))
      .map((piece) => splitMail(piece.replace(/^[ \t]*\n/, '')))
    const typeOf = (/** @type {{ headers: Map<string, string> }} */ part) =>
      part.headers.get('content-type') ?? 'text/plain'
    const best =
      parts.find((part) => /^\s*text\/plain/i.test(typeOf(part))) ??
      parts.find((part) => /^\s*(text|multipart)/i.test(typeOf(part)))
    return best ? bodyText(best.headers, best.content) : ''
  }
  if (!/^\s*text/i.test(type)) return ''
  const text = decode(content, headers.get('content-transfer-encoding') ?? '', charsetOf(type))
  const isHtml = /^\s*text\/html/i.test(type) || /<html|<body|<table/i.test(text)
  return isHtml ? withoutTags(text) : text
}

/** @param {string} type */
function charsetOf(type) {
  return /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? 'windows-1252'
}

/**
 * @param {string} content
 * @param {string} encoding
 * @param {string} charset
 */
function decode(content, encoding, charset) {
  if (/base64/i.test(encoding)) return decodeBytes(Buffer.from(content, 'base64'), charset)
  return /quoted-printable/i.test(encoding) ? decodeQuoted(content, charset) : content
}

/**
 * @param {string} text
 * @param {string} charset
 */
function decodeQuoted(text, charset) {
  return text
    .replaceAll(/=[ \t]*\n/g, '')
    .replaceAll(/(?:=[0-9a-f]{2})+/gi, (codes) =>
      decodeBytes(Buffer.from(codes.replaceAll('=', ''), 'hex'), charset),
    )
}

/**
 * @param {Uint8Array} bytes
 * @param {string} charset
 */
function decodeBytes(bytes, charset) {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    // A charset that nobody knows.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/**
 * Encoded words of headers (RFC 2047): =?charset?B or Q?text?=
 * @param {string} text
 */
function decodeWords(text) {
  return text.replaceAll(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset, form, word) =>
    /b/i.test(form)
      ? decodeBytes(Buffer.from(word, 'base64'), charset)
      : decodeQuoted(word.replaceAll('_', ' '), charset),
  )
}

/** @type {Readonly<Record<string, string>>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', copy: '©' }

/** @param {string} html */
function withoutTags(html) {
  return html
    .replaceAll(/<(style|script|title)\b[^]*?<\/\1\s*>/gi, ' ')
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Math.min(Number(code), 0xffff)))
    .replaceAll(/&([a-z]+);?/gi, (whole, name) => ENTITIES[name.toLowerCase()] ?? whole)
}

/**
 * Blanks as one space each, without control characters and what could not be decoded.
 * @param {string} text
 */
function tidy(text) {
  return text.replaceAll(/[\p{C}\uFFFD\s]+/gu, ' ').trim()
}
