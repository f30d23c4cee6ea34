import { describeAsCurl, keyVariable } from '../../../../core/proxy/curl.ts'
import { redactText } from './redact-text.ts'
import type { Payload } from './types.ts'

const keyHeader = /^(?:x-api-key|api-key|x-goog-api-key)$/i
/** Of the connection, and worked out anew by curl. */
const ownHeaders =
	/^(?:host|connection|content-length|transfer-encoding|accept-encoding|traceparent|tracestate)$/i

/** The command that sends a recorded request again; where the key was, a variable of the shell stands. */
export function writeCurl({ method = 'POST', url, headers, text }: Payload, fallbackUrl: string): string {
	const shown = Object.entries(headers)
		.filter(([name]) => !ownHeaders.test(name))
		.map(([name, value]) => [name, fillHeader(name, value)])
	return describeAsCurl({
		method,
		url: redactText(url ?? fallbackUrl).replace(/([?&]key=)[^&]*/, `$1$${keyVariable}`),
		headers: Object.fromEntries(shown),
		...(text !== undefined && { body: redactText(text) }),
	})
}

function fillHeader(name: string, value: string): string {
	if (keyHeader.test(name)) return `$${keyVariable}`
	if (/^(?:proxy-)?authorization$/i.test(name)) return `Bearer $${keyVariable}`
	return redactText(value)
}
