import type { Settings } from '../../core/config/settings.ts'
import type { UpstreamConfig } from '../../core/config/upstream.ts'
import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import type { Row, SqlValue } from '../sql.ts'
import { type Change, hideSecrets, readChanges } from './changes.ts'
import type { Author } from './commit-revision.ts'
import type { ConfigContent } from './config-content.ts'
import { type LoadedUpstream, loadConfig } from './config-load.ts'
import { diffConfigs } from './diff-configs.ts'
import { emptyContent, loadSnapshot, type PurgedKey, readSnapshot } from './revision-snapshot.ts'

/** One human change. */
export interface Revision {
	revision: number
	at: number
	author: Author
	message: string
	pinned: boolean
	restoredFrom: number | undefined
	changes: Change[]
}

export interface RevisionPage {
	/** Newest first. */
	revisions: Revision[]
	/** How many are kept; older ones that were not pinned are gone. */
	kept: number
	/** How many there ever were: the number of the newest. */
	total: number
}

/** The configuration of a revision as people see it: no secret in it. */
export interface RevisionConfig {
	settings: Settings
	currentUpstreamId: string | undefined
	/** In display order. */
	upstreams: RevisionUpstream[]
	/** Keys that were purged from history since. */
	purged: Omit<PurgedKey, 'fingerprint'>[]
}

export interface RevisionUpstream extends UpstreamConfig {
	id: string
	position: number
	createdAt: number
	/** In order. */
	keys: RevisionKey[]
}

export interface RevisionKey {
	id: string
	mask: string
	fingerprint: string
	enabled: boolean
	/** False when the ENCRYPTION_KEY at hand does not open it. */
	readable: boolean
	position: number
	createdAt: number
}

/** `current` is the configuration as it is now, demotions since its revision included. */
export type RevisionRef = number | 'current'

const COLUMNS = 'revision, at, author, message, pinned, restored_from, diff'
/** Pinned revisions are kept for ever: what is bounded is how many. */
export const MAX_PINNED = 100

/** Newest first; `before` leaves out that revision and later ones. */
export async function listRevisions(
	database: Database,
	options: { limit?: number; before?: number } = {},
): Promise<RevisionPage> {
	const rows = await database.execute(
		`SELECT m.revision AS total, (SELECT count(*) FROM revisions) AS kept, r.* FROM meta m
		LEFT JOIN (SELECT ${COLUMNS} FROM revisions WHERE revision < ? ORDER BY revision DESC LIMIT ?) r
		WHERE m.id = 1 ORDER BY r.revision DESC`,
		[options.before ?? Number.MAX_SAFE_INTEGER, options.limit ?? 100],
	)
	return {
		revisions: rows.filter(row => row.revision !== null).map(toRevision),
		kept: Number(rows[0]?.kept ?? 0),
		total: Number(rows[0]?.total ?? 0),
	}
}

/** @throws DatabaseError not-found */
export async function readRevision(
	database: Database,
	keyRing: KeyRing,
	revision: number,
): Promise<{ revision: Revision; config: RevisionConfig }> {
	const rows = await database.execute(`SELECT ${COLUMNS}, snapshot FROM revisions WHERE revision = ?`, [
		revision,
	])
	const row = rows[0]
	if (row === undefined) throw missing(revision)
	const { settings, currentUpstreamId, upstreams, purged } = readSnapshot(revision, String(row.snapshot))
	return {
		revision: toRevision(row),
		config: {
			...{ settings, currentUpstreamId },
			upstreams: upstreams.map(upstream => toShown(upstream, keyRing)),
			purged: purged.map(({ fingerprint, ...shown }) => shown),
		},
	}
}

/**
 * What leads from one revision to another, or to the present. Revision 0 is the empty configuration. Computed from what
 * the revisions hold: demotions in between show as another order of keys.
 * @throws DatabaseError not-found
 */
export async function diffRevisions(
	database: Database,
	from: RevisionRef,
	to: RevisionRef,
): Promise<{ from: number; to: number; changes: Change[] }> {
	const [before, after] = await Promise.all([loadContent(database, from), loadContent(database, to)])
	const changes = diffConfigs(before.content, after.content)
	return { from: before.revision, to: after.revision, changes }
}

/**
 * Pins a revision or lets it go, and changes its message. Makes no revision.
 * @throws DatabaseError not-found; invalid, when too many are pinned
 */
export async function annotateRevision(
	database: Database,
	revision: number,
	patch: { pinned?: boolean | undefined; message?: string | undefined },
): Promise<Revision> {
	const pinned: SqlValue = patch.pinned === undefined ? null : Number(patch.pinned)
	const message = patch.message === undefined ? null : checkMessage(patch.message)
	const rows = await database.execute(
		`UPDATE revisions SET pinned = coalesce(?2, pinned), message = coalesce(?3, message) WHERE revision = ?1
		AND (coalesce(?2, 0) = 0 OR pinned = 1 OR (SELECT count(*) FROM revisions WHERE pinned = 1) < ${MAX_PINNED})
		RETURNING ${COLUMNS}`,
		[revision, pinned, message],
	)
	if (rows[0] !== undefined) return toRevision(rows[0])
	const found = await database.execute('SELECT 1 FROM revisions WHERE revision = ?', [revision])
	if (found.length === 0) throw missing(revision)
	throw new DatabaseError('invalid', `${MAX_PINNED} revisions are pinned: let one of them go first.`)
}

async function loadContent(
	database: Database,
	revision: RevisionRef,
): Promise<{ revision: number; content: ConfigContent }> {
	if (revision === 'current') {
		const content = await loadConfig(database)
		return { revision: content.revision, content }
	}
	if (revision === 0) return { revision, content: emptyContent }
	const content = await loadSnapshot(database, revision)
	if (content === undefined) throw missing(revision)
	return { revision, content }
}

function checkMessage(text: string): string {
	const message = text.replace(/\p{Cc}+/gu, ' ').trim()
	if (message === '') throw new DatabaseError('invalid', 'message: must not be empty')
	if (message.length > 200) throw new DatabaseError('invalid', 'message: at most 200 characters')
	return message
}

function toShown(upstream: LoadedUpstream, keyRing: KeyRing): RevisionUpstream {
	const keys = upstream.keys.map(({ id, mask, fingerprint, enabled, secret, position, created_at }) => ({
		...{ id, mask, fingerprint, position, enabled: enabled !== 0, createdAt: created_at },
		readable: keyRing.open(secret, id) !== undefined,
	}))
	return { ...upstream, ...hideSecrets(upstream), keys }
}

function toRevision(row: Row): Revision {
	return {
		revision: Number(row.revision),
		at: Number(row.at),
		author: String(row.author) as Author,
		message: String(row.message),
		pinned: Number(row.pinned) !== 0,
		restoredFrom: row.restored_from === null ? undefined : Number(row.restored_from),
		changes: readChanges(String(row.diff)),
	}
}

function missing(revision: number): DatabaseError {
	return new DatabaseError(
		'not-found',
		`Revision ${revision} is not there: it never was, or is older than the ones that are kept.`,
	)
}
