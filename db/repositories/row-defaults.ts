import type { SqlValue } from '../sql.ts'
import type { KeyRow } from './config-load.ts'
import type { UpstreamRow } from './upstream-columns.ts'

/** What a column holds in a revision that was made before there was that column; undefined: it was always there. */
type Defaults<RowShape> = Record<keyof RowShape, SqlValue | undefined>

const required = undefined

export const upstreamDefaults: Defaults<UpstreamRow> = {
	...{ id: required, name: required, name_key: required, type: required, base_url: required },
	...{ description: '', website: '', insecure_skip_verify: 0, model_map: '{}', extra_headers: '{}' },
	...{ proxy_url: '', auth_style: 'auto', timeout_ms: 0, max_concurrent: 0, enabled: 1 },
	...{ key_concurrent: 0, first_content_ms: 0 },
	...{ position: required, created_at: required },
}

export const keyDefaults: Defaults<KeyRow> = {
	...{ id: required, upstream_id: required, secret: required, fingerprint: required, mask: required },
	...{ enabled: 1, position: required, created_at: required },
}

export function withDefaults<RowShape extends object>(row: RowShape, defaults: Defaults<RowShape>): RowShape {
	const missing = Object.entries(defaults).filter(
		([column, value]) => value !== undefined && (row as Record<string, unknown>)[column] == null,
	)
	return { ...row, ...Object.fromEntries(missing) }
}
