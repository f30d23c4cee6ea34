import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { type ConfigContent, readContent } from './config-content.ts'
import type { KeyRow } from './config-load.ts'
import type { UpstreamRow } from './upstream-columns.ts'

/** The configuration that a revision keeps. */
export interface SnapshotContent extends ConfigContent {
	/** Keys that were purged from history since: only this is left of them. */
	purged: PurgedKey[]
}

export interface PurgedKey {
	id: string
	upstreamId: string
	mask: string
	fingerprint: string
	purgedAt: number
}

/** What a revision stores: rows as they were, besides keys that were purged since. */
interface StoredSnapshot {
	version: number
	settings: Record<string, unknown>
	upstreams: UpstreamRow[]
	keys: (KeyRow & { purged_at?: number })[]
}

/** Of revisions that were written in a form of later versions, only what people wrote about them can be shown. */
const SNAPSHOT_VERSION = 1

/** Before the first change there is nothing. */
export const emptyContent: SnapshotContent = {
	...readContent({ settings: {}, upstreams: [], keys: [] }),
	purged: [],
}

export async function loadSnapshot(
	database: Database,
	revision: number,
): Promise<SnapshotContent | undefined> {
	if (revision === 0) return emptyContent
	const [row] = await database.execute('SELECT snapshot FROM revisions WHERE revision = ?', [revision])
	return row === undefined ? undefined : readSnapshot(revision, String(row.snapshot))
}

export function readSnapshot(revision: number, json: string): SnapshotContent {
	const stored = JSON.parse(json) as StoredSnapshot
	if (stored.version !== SNAPSHOT_VERSION) {
		throw new DatabaseError(
			'newer-schema',
			`Revision ${revision} was made by a newer claude-proxy: update this one to look into it.`,
		)
	}
	const kept = stored.keys.filter(({ purged_at }) => purged_at === undefined)
	const purged = stored.keys.flatMap(
		({ id, upstream_id: upstreamId, mask, fingerprint, purged_at: purgedAt }) =>
			purgedAt === undefined ? [] : [{ id, upstreamId, mask, fingerprint, purgedAt }],
	)
	return { ...readContent({ ...stored, keys: kept }), purged }
}
