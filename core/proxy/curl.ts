import type { HeaderMap } from '../upstreams/contract.ts'

/** A request as text, ready to show: nothing secret is in it any more. */
export interface ShownRequest {
	method: string
	url: string
	headers: HeaderMap
	body?: string | undefined
}

/** The variable that stands for the upstream key in commands to paste. */
export const keyVariable = 'UPSTREAM_KEY'

/**
 * The command that sends a request from a POSIX shell. `$UPSTREAM_KEY` in a header stays a variable of the shell; all
 * other text is quoted whole.
 */
export function describeAsCurl({ method, url, headers, body }: ShownRequest, stream = false): string {
	const lines = [`curl -sS${stream ? 'N' : ''} -X ${method} ${quote(url)}`]
	for (const [name, value] of Object.entries(headers)) lines.push(`  -H ${quoteHeader(`${name}: ${value}`)}`)
	if (body !== undefined) lines.push(`  --data-raw ${quote(body)}`)
	return lines.join(' \\\n')
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** The variable stands between the quoted parts, where the shell fills it in. */
function quoteHeader(header: string): string {
	return header.split(`$${keyVariable}`).map(quote).join(`"$${keyVariable}"`)
}
