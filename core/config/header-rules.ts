import { z } from 'zod'

/**
 * Headers that people add to an upstream's requests. Names are tokens, values visible characters with blanks between:
 * https://www.rfc-editor.org/rfc/rfc9110#section-5.1 and #section-5.5.
 */
const headerName = /^[!#$%&'*+.^_`|~\w-]{1,200}$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/
const maxHeaders = 64

/** They belong to the connection and to the body's length and form, which the proxy alone knows. */
const ownHeaders = new Set([
	...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
	...['host', 'content-length', 'content-encoding', 'accept-encoding', 'expect'],
])

/** Why this header cannot be sent; undefined when it can. The value is never quoted: it may be a secret. */
export function refuseHeader(name: string, value: string): string | undefined {
	if (!headerName.test(name)) return 'the name of a header must be one word, as in x-team'
	if (ownHeaders.has(name.toLowerCase())) return `${name.toLowerCase()} is set by the proxy itself`
	if (!headerValue.test(value)) return 'the value of a header must be one line of printable Latin characters'
	return undefined
}

export const extraHeadersSchema = z.record(z.string(), z.string()).superRefine((headers, context) => {
	const entries = Object.entries(headers)
	if (entries.length > maxHeaders)
		context.addIssue({ code: 'custom', message: `at most ${maxHeaders} headers` })
	const seen = new Set<string>()
	for (const [name, value] of entries) {
		const reason = seen.has(name.toLowerCase()) ? 'this header is there twice' : refuseHeader(name, value)
		seen.add(name.toLowerCase())
		if (reason !== undefined) context.addIssue({ code: 'custom', message: reason, path: [name] })
	}
})
