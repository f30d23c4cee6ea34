import type { Database } from '../client.ts'
import { NOW, type Statement } from '../sql.ts'

export interface StoredRate {
	upstreamId: string
	model: string
	factor: number
	samples: number
}

const KEPT_MS = 90 * 24 * 3_600_000

/** Rates that are kept in memory and per upstream: model names come from clients, so they must not fill anything. */
export const KEPT_RATES = 500

/** The upstreams may be gone by now. ?1 JSON list of rates */
const STORE = `
INSERT INTO token_rates (upstream_id, model, factor, samples, updated_at)
SELECT j.value ->> 'upstreamId', j.value ->> 'model', j.value ->> 'factor', j.value ->> 'samples', ${NOW}
FROM json_each(?1) j WHERE EXISTS (SELECT 1 FROM upstreams WHERE id = j.value ->> 'upstreamId')
ON CONFLICT (upstream_id, model) DO UPDATE SET factor = excluded.factor, samples = max(samples, excluded.samples),
	updated_at = excluded.updated_at`
const PRUNE = `DELETE FROM token_rates WHERE updated_at < ${NOW} - ${KEPT_MS}`
const PRUNE_MANY = `DELETE FROM token_rates WHERE rowid NOT IN
	(SELECT rowid FROM token_rates ORDER BY updated_at DESC LIMIT ${KEPT_RATES})`

/** Rates are written as they are, not as what changed: repeating a batch does no harm. */
export function storeRates(rates: readonly StoredRate[]): Statement[] {
	if (rates.length === 0) return []
	return [{ sql: STORE, args: [JSON.stringify(rates)] }, { sql: PRUNE }, { sql: PRUNE_MANY }]
}

export async function loadRates(database: Database): Promise<StoredRate[]> {
	const rows = await database.execute(
		`SELECT upstream_id, model, factor, samples FROM token_rates ORDER BY updated_at DESC LIMIT ${KEPT_RATES}`,
	)
	return rows.map(row => ({
		upstreamId: String(row.upstream_id),
		model: String(row.model),
		factor: Number(row.factor),
		samples: Number(row.samples),
	}))
}
