/** The name that a server gives a file, from `content-disposition`; ours when a host in between hides the header. */
export const readFileName = (header: string | null) =>
	/filename="([\w.-]{1,100})"/.exec(header ?? '')?.[1] ?? 'claude-proxy.json'

/** `x-claude-proxy-warnings`: a percent-encoded JSON array. */
export function readWarnings(header: string | null): string[] {
	if (!header) return []
	try {
		const list: unknown = JSON.parse(decodeURIComponent(header))
		return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
	} catch {
		return []
	}
}

/** Whether a text is an export of ours under a passphrase. What is no JSON is told by the server. */
export function isSealed(text: string): boolean {
	if (!text.includes('"sealed"')) return false
	try {
		const document: unknown = JSON.parse(text)
		return typeof document === 'object' && document !== null && 'sealed' in document
	} catch {
		return false
	}
}
