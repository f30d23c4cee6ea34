import { settingNames } from '../../core/config/settings.ts'
import type { TransferDocument, TransferUpstream } from '../../core/config/transfer/document.ts'
import { resolveHiddenValues } from '../../core/config/transfer/hidden-values.ts'
import type { Report } from '../../core/config/transfer/report.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../../core/config/upstream.ts'
import { newId } from '../ids.ts'
import type { ConfigContent } from '../repositories/config-content.ts'
import type { LoadedConfig, LoadedUpstream } from '../repositories/config-load.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { type ImportMode, matchUpstreams } from './match-upstreams.ts'
import { type KeyScope, resolveKeys } from './resolve-keys.ts'

/** The configuration as it is after the import of a document. Changes nothing. */
export function resolveContent(
	config: LoadedConfig,
	document: TransferDocument,
	options: { mode: ImportMode; keyRing: KeyRing; report: Report },
): ConfigContent {
	const { mode, report } = options
	const matches = matchUpstreams(document.upstreams, config.upstreams, mode)
	const scope: KeyScope = {
		...{ ...options, kind: document.keys, now: config.databaseNow },
		takenIds: new Set(config.upstreams.flatMap(({ keys }) => keys.map(({ id }) => id))),
	}
	const takenIds = new Set(config.upstreams.map(({ id }) => id))
	const given = new Map(
		document.upstreams.map(upstream => {
			const match = matches.get(upstream)
			const id = match?.id ?? claimId(upstream.id, takenIds)
			return [upstream, resolveUpstream(upstream, id, match, scope)]
		}),
	)
	const upstreams = mode === 'replace' ? [...given.values()] : mergeUpstreams(config, matches, given)
	const currentUpstreamId = resolveCurrent(config, document, upstreams, [...given.values()], options)
	warnOfLack(currentUpstreamId, upstreams, report)
	warnOfShared(config, upstreams, report)
	const named = settingNames.flatMap(name => {
		const value = document.settings[name]
		return value === undefined ? [] : [[name, value]]
	})
	return { settings: { ...config.settings, ...Object.fromEntries(named) }, currentUpstreamId, upstreams }
}

function claimId(wanted: string | undefined, taken: Set<string>): string {
	const id = wanted === undefined || taken.has(wanted) ? newId('up') : wanted
	taken.add(id)
	return id
}

function resolveUpstream(
	upstream: TransferUpstream,
	id: string,
	match: LoadedUpstream | undefined,
	scope: KeyScope,
): LoadedUpstream {
	const { path } = upstream
	const before = match === undefined ? undefined : pickFields(match)
	const fields = resolveHiddenValues(upstream.fields, before, path, scope.report)
	warnOfOtherHost(upstream.path, match, fields.baseUrl, scope.report)
	// Where the configuration becomes the file, what the file leaves out is at its default.
	const base = scope.mode === 'replace' ? {} : before
	return {
		...upstreamInputSchema.parse({ ...base, ...fields }),
		...{ id, position: match?.position ?? 0, createdAt: match?.createdAt ?? scope.now },
		keys: resolveKeys(upstream, id, match?.keys ?? [], scope),
	}
}

/** A file from somebody else could have keys sent to them. */
function warnOfOtherHost(
	path: string,
	match: LoadedUpstream | undefined,
	baseUrl: string,
	report: Report,
): void {
	if (match === undefined || match.keys.length === 0) return
	const [from, to] = [URL.parse(match.baseUrl)?.host, URL.parse(baseUrl)?.host]
	if (from !== to)
		report.warn(`${path}.baseUrl`, `the keys that ${match.name} has will be sent to ${to}, not to ${from}`)
}

function pickFields(upstream: UpstreamConfig): UpstreamConfig {
	const names = Object.keys(upstreamInputSchema.shape) as (keyof UpstreamConfig)[]
	return Object.fromEntries(names.map(name => [name, upstream[name]])) as UpstreamConfig
}

function mergeUpstreams(
	config: LoadedConfig,
	matches: ReadonlyMap<TransferUpstream, LoadedUpstream>,
	given: ReadonlyMap<TransferUpstream, LoadedUpstream>,
): LoadedUpstream[] {
	const changed = new Map([...matches].map(([upstream, match]) => [match.id, given.get(upstream)]))
	const known = config.upstreams.map(upstream => changed.get(upstream.id) ?? upstream)
	const added = [...given].filter(([upstream]) => !matches.has(upstream))
	return [...known, ...added.map(([, upstream]) => upstream)]
}

function resolveCurrent(
	config: LoadedConfig,
	{ current }: TransferDocument,
	upstreams: readonly LoadedUpstream[],
	given: readonly LoadedUpstream[],
	{ mode }: { mode: ImportMode },
): string | undefined {
	if (typeof current === 'number') return given[current]?.id
	if (current === null && mode === 'replace') return undefined
	// As when the first upstream is added by hand.
	if (config.upstreams.length === 0) return upstreams[0]?.id
	return upstreams.find(({ id }) => id === config.currentUpstreamId)?.id
}

function warnOfLack(current: string | undefined, upstreams: readonly LoadedUpstream[], report: Report): void {
	if (upstreams.length > 0 && current === undefined) {
		report.warn('', 'no upstream is current then: requests are answered 503 until one is chosen')
	}
	for (const { id, name, keys } of upstreams) {
		if (id === current && !keys.some(({ enabled }) => enabled !== 0)) {
			report.warn('', `${name} is current then, and has no key in use`)
		}
	}
}

/** The same key twice is used up twice as fast: said of those that come new. */
function warnOfShared(config: LoadedConfig, upstreams: readonly LoadedUpstream[], report: Report): void {
	const known = new Set(config.upstreams.flatMap(({ keys }) => keys.map(({ id }) => id)))
	const owners = new Map<string, string[]>()
	for (const { name, keys } of upstreams) {
		for (const { fingerprint } of keys) owners.set(fingerprint, [...(owners.get(fingerprint) ?? []), name])
	}
	for (const { name, keys } of upstreams) {
		for (const { id, fingerprint, mask } of keys) {
			const others = (owners.get(fingerprint) ?? []).filter(owner => owner !== name)
			if (!known.has(id) && others.length > 0) {
				report.warn('', `key ${mask} of ${name} is also a key of ${others.join(', ')}`)
			}
		}
	}
}
