import type { Strategy, UpstreamConfig } from '../../core/config/upstream.ts'

/** What a revision changed, for people and interfaces. Holds ids, names and masks; never a key. */
export type Change =
	| { kind: 'upstream-added'; upstreamId: string; name: string; fields: Partial<UpstreamConfig> }
	| { kind: 'upstream-changed'; upstreamId: string; name: string; fields: Record<string, FieldChange> }
	| { kind: 'upstream-removed'; upstreamId: string; name: string; keyCount: number }
	| { kind: 'current-changed'; from: string | undefined; to: string | undefined }
	| { kind: 'strategy-changed'; from: Strategy; to: Strategy }
	| { kind: 'keys-added'; upstreamId: string; name: string; keys: { id: string; mask: string }[] }
	| { kind: 'key-removed'; upstreamId: string; name: string; keyId: string; mask: string }
	| { kind: 'keys-reordered'; upstreamId: string; name: string; from: string[]; to: string[] }
	| { kind: 'key-enabled' | 'key-disabled'; upstreamId: string; name: string; keyId: string; mask: string }

export interface FieldChange {
	from: unknown
	to: unknown
}

/** Header values and proxy passwords may be secrets: history shows that they changed, not what they are. */
export function hideSecrets(fields: Partial<UpstreamConfig>): Partial<UpstreamConfig> {
	const shown = { ...fields }
	if (shown.extraHeaders !== undefined) {
		const names = Object.keys(shown.extraHeaders)
		shown.extraHeaders = Object.fromEntries(names.map(name => [name, '••••']))
	}
	if (shown.proxyUrl) {
		const url = URL.parse(shown.proxyUrl)
		if (url !== null && (url.username !== '' || url.password !== '')) {
			url.username = ''
			url.password = ''
			shown.proxyUrl = url.href
		}
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
