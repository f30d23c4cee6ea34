import { hidden, redactUrl } from '../config/redact.ts'
import type { UpstreamConfig, UpstreamInput } from '../config/upstream.ts'

export interface FieldProblem {
	/** `extraHeaders.x-team` */
	path: string
	message: string
}

const urlFields = ['baseUrl', 'website', 'proxyUrl'] as const

/** Whether what the patch becomes depends on what is stored. */
export function hasHiddenValues(patch: Partial<UpstreamInput>): boolean {
	const headers = Object.values(patch.extraHeaders ?? {})
	return headers.includes(hidden) || urlFields.some(field => patch[field]?.includes(hidden))
}

/**
 * An edited upstream comes back with what was hidden from its editor: that is kept as stored. A URL keeps its password
 * or key only as a whole, so that nobody can have it sent to another host.
 */
export function restoreHiddenValues(
	patch: Partial<UpstreamInput>,
	stored: Pick<UpstreamConfig, 'extraHeaders' | (typeof urlFields)[number]>,
): { patch: Partial<UpstreamInput>; problems: FieldProblem[] } {
	const restored = { ...patch }
	const problems: FieldProblem[] = []
	for (const field of urlFields) {
		const given = patch[field]
		if (given === undefined || !given.includes(hidden)) continue
		if (given.trim() === redactUrl(stored[field])) restored[field] = stored[field]
		else
			problems.push({ path: field, message: `type the part shown as ${hidden} again: the URL has changed` })
	}
	if (patch.extraHeaders !== undefined) {
		const headers = Object.entries(patch.extraHeaders).map(([name, given]): [string, string] => {
			const value = given === hidden ? stored.extraHeaders[name] : given
			if (value === undefined) {
				const message = `give the value: no header of this name is stored`
				problems.push({ path: `extraHeaders.${name}`, message })
			}
			return [name, value ?? '']
		})
		restored.extraHeaders = Object.fromEntries(headers)
	}
	return { patch: restored, problems }
}
