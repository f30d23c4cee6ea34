import type { Change, FieldChange } from '../../core/config/change.ts'
import { hidden, redactUrl } from '../../core/config/redact.ts'
import type { UpstreamConfig } from '../../core/config/upstream.ts'

export type { Change, FieldChange }

/** Header values, passwords in URLs and keys pasted along with one: history shows that they changed, not what they are. */
export function hideSecrets(fields: Partial<UpstreamConfig>): Partial<UpstreamConfig> {
	const shown = { ...fields }
	if (shown.extraHeaders !== undefined) {
		const names = Object.keys(shown.extraHeaders)
		shown.extraHeaders = Object.fromEntries(names.map(name => [name, hidden]))
	}
	for (const field of ['baseUrl', 'website', 'proxyUrl'] as const) {
		const url = shown[field]
		if (url !== undefined) shown[field] = redactUrl(url)
	}
	return shown
}

/** The fields that differ; undefined when none does. */
export function diffFields(
	before: UpstreamConfig,
	patch: Partial<UpstreamConfig>,
): Record<string, FieldChange> | undefined {
	const from = hideSecrets(before)
	const to = hideSecrets(patch)
	const changed: [string, FieldChange][] = []
	for (const field of Object.keys(patch) as (keyof UpstreamConfig)[]) {
		if (JSON.stringify(before[field]) === JSON.stringify(patch[field])) continue
		changed.push([field, { from: from[field], to: to[field] }])
	}
	return changed.length === 0 ? undefined : Object.fromEntries(changed)
}

/** Changes as stored. Early versions kept base URLs as they were typed, keys in them included. */
export function readChanges(json: string): Change[] {
	return JSON.parse(json, (_, value) => (typeof value === 'string' ? redactUrl(value) : value))
}
