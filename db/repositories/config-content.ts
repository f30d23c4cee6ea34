import { readSettings, type Settings } from '../../core/config/settings.ts'
import type { KeyRow, LoadedUpstream } from './config-load.ts'
import { keyDefaults, upstreamDefaults, withDefaults } from './row-defaults.ts'
import { fromRow, type UpstreamRow } from './upstream-columns.ts'

/** What people configure, keys still sealed: of the tables, or of a revision. */
export interface ConfigContent {
	settings: Settings
	/** Undefined also when the upstream that was current is gone. */
	currentUpstreamId: string | undefined
	/** In display order. */
	upstreams: LoadedUpstream[]
}

/** Rows as an earlier version wrote them, too: what they lack has its default. */
export function readContent(rows: {
	settings: Readonly<Record<string, unknown>>
	upstreams: readonly UpstreamRow[]
	keys: readonly KeyRow[]
}): ConfigContent {
	const keys = rows.keys.map(row => withDefaults(row, keyDefaults))
	const upstreams = rows.upstreams.map(row => {
		const upstream = withDefaults(row, upstreamDefaults)
		return {
			...fromRow(upstream),
			id: upstream.id,
			position: upstream.position,
			createdAt: upstream.created_at,
			keys: keys.filter(key => key.upstream_id === upstream.id),
		}
	})
	const current = upstreams.find(({ id }) => id === rows.settings.current_upstream)
	return { settings: readSettings(rows.settings), currentUpstreamId: current?.id, upstreams }
}
