import { findAdapter } from '../core/upstreams/registry.ts'
import type { Config, ConfigKey, ConfigUpstream } from '../db/index.ts'
import { describeKey, describeUpstream } from './describe-state.ts'
import { hidden, redactUrl } from './redact.ts'

/** An upstream as `--json` prints it: no secret in it. */
export function viewUpstream(upstream: ConfigUpstream, config: Config) {
	return {
		index: config.upstreams.indexOf(upstream),
		...upstream,
		baseUrl: redactUrl(upstream.baseUrl),
		callsUrl: describeCall(upstream),
		proxyUrl: redactUrl(upstream.proxyUrl),
		extraHeaders: Object.fromEntries(Object.keys(upstream.extraHeaders).map(name => [name, hidden])),
		current: upstream.id === config.currentUpstreamId,
		...describeUpstream(upstream, config),
		keys: upstream.keys.map((key, index) => viewKey(key, index, config.now)),
	}
}

export function viewKey(key: ConfigKey, index: number, now: number) {
	const { id, mask, enabled, readable, createdAt } = key
	return { index, id, mask, enabled, readable, createdAt, ...describeKey(key, now) }
}

/** The URL of a message; `<model>` where the type has the model in it. Undefined for a type that this version lacks. */
export function describeCall({
	type,
	baseUrl,
}: Pick<ConfigUpstream, 'type' | 'baseUrl'>): string | undefined {
	const url = findAdapter(type)?.messagesUrl(baseUrl, { model: '<model>', stream: false })
	return url === undefined ? undefined : redactUrl(url).replace(/%3Cmodel%3E/i, '<model>')
}
