import { factDetail, type LearnedFact, learnedFactSchema } from '../../core/config/learned-facts.ts'
import type { Database } from '../client.ts'
import { NOW, type SqlValue, type Statement } from '../sql.ts'

/** How long a fact holds: upstreams change too, and are then asked anew. */
export const FACT_LIFETIME_MS = 7 * 24 * 3_600_000
/** Facts that are kept per upstream: model names come from clients, so they must not fill the table. */
const KEPT_FACTS = 300

/** A fact with its owner; times by the database's clock. */
export interface StoredFact {
	upstreamId: string
	model: string
	fact: LearnedFact
	learnedAt: number
	expiresAt: number
}

const COLUMNS = 'upstream_id, model, fact, learned_at, expires_at'

/** All facts that hold, as JSON; a part of loading the configuration. */
export const FACTS_JSON = `(SELECT json_group_array(json_object('upstream_id', upstream_id, 'model', model, 'fact', fact,
	'learned_at', learned_at, 'expires_at', expires_at)) FROM learned_facts WHERE expires_at > ${NOW})`

/** ?1 upstream ?2 model ?3 kind ?4 detail ?5 fact ?6 delay. The upstream may be gone by now. */
const REMEMBER = `
INSERT INTO learned_facts (upstream_id, model, kind, detail, fact, learned_at, expires_at)
SELECT ?1, ?2, ?3, ?4, ?5, ${NOW} - ?6, ${NOW} - ?6 + ${FACT_LIFETIME_MS} FROM upstreams WHERE id = ?1
ON CONFLICT (upstream_id, model, kind, detail) DO UPDATE SET
	fact = excluded.fact, learned_at = excluded.learned_at, expires_at = excluded.expires_at`
const BUMP_STATE = 'UPDATE meta SET state_version = state_version + 1 WHERE id = 1'
const PRUNE_EXPIRED = `DELETE FROM learned_facts WHERE expires_at <= ${NOW}`
const PRUNE_MANY = `DELETE FROM learned_facts WHERE upstream_id = ?1 AND rowid NOT IN
	(SELECT rowid FROM learned_facts WHERE upstream_id = ?1 ORDER BY learned_at DESC LIMIT ${KEPT_FACTS})`

/** `delayMs`: how long ago it was learned. Every instance reloads, since the state's version rises. */
export function rememberStatements(
	{ upstreamId, model, fact }: Pick<StoredFact, 'upstreamId' | 'model' | 'fact'>,
	delayMs: number,
): Statement[] {
	const args = [upstreamId, model, fact.kind, factDetail(fact), JSON.stringify(fact), Math.round(delayMs)]
	return [
		{ sql: REMEMBER, args },
		{ sql: BUMP_STATE },
		{ sql: PRUNE_EXPIRED },
		{ sql: PRUNE_MANY, args: [upstreamId] },
	]
}

/** Part of a change that makes an upstream another one: what was learned is not true of it. */
export function forgetStatement(upstreamId: string): Statement {
	return { sql: 'DELETE FROM learned_facts WHERE upstream_id = ?', args: [upstreamId] }
}

/** Facts that hold, of all upstreams or of one, by upstream and model. */
export async function listFacts(database: Database, upstreamId?: string): Promise<StoredFact[]> {
	const rows = await database.execute(
		`SELECT ${COLUMNS} FROM learned_facts WHERE expires_at > ${NOW} AND (?1 IS NULL OR upstream_id = ?1)
			ORDER BY upstream_id, model, kind, detail`,
		[upstreamId ?? null],
	)
	return readFactRows(rows)
}

/** Forgets what was learned of an upstream, or of one of its models. Returns how many facts that were. */
export async function forgetFacts(database: Database, upstreamId: string, model?: string): Promise<number> {
	const [rows = []] = await database.batch([
		{
			sql: 'DELETE FROM learned_facts WHERE upstream_id = ?1 AND (?2 IS NULL OR model = ?2) RETURNING 1',
			args: [upstreamId, model ?? null],
		},
		{ sql: BUMP_STATE },
	])
	return rows.length
}

/** Facts of kinds that this version does not know are left out. */
export function readFactRows(rows: readonly Record<string, SqlValue>[]): StoredFact[] {
	return rows.flatMap(row => {
		const fact = readFact(String(row.fact))
		if (fact === undefined) return []
		return [
			{
				...{ upstreamId: String(row.upstream_id), model: String(row.model), fact },
				...{ learnedAt: Number(row.learned_at), expiresAt: Number(row.expires_at) },
			},
		]
	})
}

function readFact(text: string): LearnedFact | undefined {
	try {
		return learnedFactSchema.safeParse(JSON.parse(text)).data
	} catch {
		return undefined
	}
}
