import { nameKeyOf } from '../../core/config/names.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../../core/config/upstream.ts'
import type { upstreams } from '../schema/config.ts'
import type { SqlValue } from '../sql.ts'

export type UpstreamRow = typeof upstreams.$inferSelect
type Column = keyof UpstreamRow

/** Which column holds which field of an upstream. The type makes a new field of the schema an error until it has one. */
const columnOf: Record<keyof UpstreamConfig, Column> = {
	name: 'name',
	type: 'type',
	baseUrl: 'base_url',
	description: 'description',
	website: 'website',
	insecureSkipVerify: 'insecure_skip_verify',
	modelMap: 'model_map',
	extraHeaders: 'extra_headers',
	proxyUrl: 'proxy_url',
	authStyle: 'auth_style',
	timeoutMs: 'timeout_ms',
	maxConcurrent: 'max_concurrent',
	keyConcurrent: 'key_concurrent',
	firstContentMs: 'first_content_ms',
	enabled: 'enabled',
}

export { nameKeyOf }

/** Columns and values for the fields given. */
export function toColumns(fields: Partial<UpstreamConfig>): [Column, SqlValue][] {
	const columns: [Column, SqlValue][] = []
	for (const [field, column] of Object.entries(columnOf) as [keyof UpstreamConfig, Column][]) {
		const value = fields[field]
		if (value === undefined) continue
		columns.push([column, toSqlValue(value)])
		if (field === 'name') columns.push(['name_key', nameKeyOf(String(value))])
	}
	return columns
}

/** A stored row as an upstream's fields. A row that another version wrote falls back field by field. */
export function fromRow(row: UpstreamRow): UpstreamConfig {
	return {
		name: row.name,
		type: row.type,
		baseUrl: row.base_url,
		description: row.description,
		website: row.website,
		insecureSkipVerify: row.insecure_skip_verify !== 0,
		modelMap: readTextMap(row.model_map),
		extraHeaders: readTextMap(row.extra_headers),
		proxyUrl: row.proxy_url,
		authStyle: upstreamInputSchema.shape.authStyle.catch('auto').parse(row.auth_style),
		timeoutMs: row.timeout_ms,
		maxConcurrent: row.max_concurrent,
		keyConcurrent: row.key_concurrent,
		firstContentMs: row.first_content_ms,
		enabled: row.enabled !== 0,
	}
}

function toSqlValue(value: UpstreamConfig[keyof UpstreamConfig]): SqlValue {
	if (typeof value === 'boolean') return value ? 1 : 0
	return typeof value === 'object' ? JSON.stringify(value) : value
}

function readTextMap(json: string): Record<string, string> {
	try {
		return upstreamInputSchema.shape.modelMap.parse(JSON.parse(json))
	} catch {
		return {}
	}
}
