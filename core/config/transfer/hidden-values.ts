import { hidden, redactUrl } from '../redact.ts'
import type { UpstreamConfig } from '../upstream.ts'
import type { Report } from './report.ts'

const urlFields = ['baseUrl', 'website', 'proxyUrl'] as const

/** A URL without its hidden password and without parameters whose value is hidden. */
export function dropHiddenParts(url: string): string {
	const withoutPassword = url.replace(`${hidden}@`, '')
	const [address = '', query] = withoutPassword.split('?', 2)
	if (query === undefined) return withoutPassword
	const kept = query.split('&').filter(parameter => !parameter.includes(hidden))
	return kept.length === 0 ? address : `${address}?${kept.join('&')}`
}

/**
 * What a file without keys hides comes from the upstream that it meets. A URL keeps its secret only if all the rest of
 * it is the same, so that no file can have it sent elsewhere. What cannot be found is left out, and said.
 */
export function resolveHiddenValues<Fields extends Partial<UpstreamConfig>>(
	fields: Fields,
	stored: UpstreamConfig | undefined,
	path: string,
	report: Report,
): Fields {
	const resolved = { ...fields }
	for (const field of urlFields) {
		const given = fields[field]
		if (given === undefined || !given.includes(hidden)) continue
		const isSame = stored !== undefined && redactUrl(stored[field]) === given
		resolved[field] = isSame ? stored[field] : dropHiddenParts(given)
		if (!isSame) report.warn(`${path}.${field}`, 'the file does not tell its password or key: set it by hand')
	}
	if (fields.extraHeaders !== undefined) {
		resolved.extraHeaders = resolveHeaders(fields.extraHeaders, stored?.extraHeaders ?? {}, path, report)
	}
	return resolved
}

function resolveHeaders(
	given: Readonly<Record<string, string>>,
	stored: Readonly<Record<string, string>>,
	path: string,
	report: Report,
): Record<string, string> {
	const entries = Object.entries(given).flatMap(([name, value]): [string, string][] => {
		if (value !== hidden) return [[name, value]]
		const known = Object.hasOwn(stored, name) ? stored[name] : undefined
		if (known !== undefined) return [[name, known]]
		report.warn(`${path}.extraHeaders`, `the file does not tell the value of ${name}: set it by hand`)
		return []
	})
	return Object.fromEntries(entries)
}
