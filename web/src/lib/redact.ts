const secretName = /^(authorization|proxy-authorization|x-api-key|api-key|x-goog-api-key|cookie|set-cookie)$/i
const secretQuery = /([?&](?:[\w-]*key|[\w-]*token|auth\w*)=)[^&#\s"]*/gi
const hidden = '••••'

/**
 * Takes secrets out of a recorded request or answer before it is shown. The server has done it already; a page shows
 * nothing that depends on that alone.
 */
export function redactSecrets(value: unknown): unknown {
	if (typeof value === 'string') return value.replace(secretQuery, `$1${hidden}`)
	if (Array.isArray(value)) return value.map(redactSecrets)
	if (typeof value !== 'object' || value === null) return value
	return Object.fromEntries(
		Object.entries(value).map(([name, child]) => [
			name,
			secretName.test(name) ? hidden : redactSecrets(child),
		]),
	)
}
