import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { type Change, readChanges } from './changes.ts'
import type { LoadedConfig } from './config-load.ts'
import { diffConfigs } from './diff-configs.ts'
import { loadSnapshot } from './revision-snapshot.ts'

export interface ConflictDetails {
	/** The revision that the change was based on. */
	expectedRevision: number
	currentRevision: number
	/** What changed in between. */
	theirs: Change[]
	/** False when the revision it was based on is so old that some of what changed since is forgotten. */
	theirsComplete: boolean
	/** What was wanted, as it would change the present configuration; empty when that cannot be done any more. */
	wanted: Change[]
}

/** A DatabaseError `conflict` that tells both sides. */
export class ConfigConflict extends DatabaseError implements ConflictDetails {
	readonly expectedRevision: number
	readonly currentRevision: number
	readonly theirs: Change[]
	readonly theirsComplete: boolean
	readonly wanted: Change[]
	constructor(details: ConflictDetails, cause?: unknown) {
		const { expectedRevision, currentRevision } = details
		super('conflict', describe(expectedRevision, currentRevision), cause)
		this.expectedRevision = expectedRevision
		this.currentRevision = currentRevision
		this.theirs = details.theirs
		this.theirsComplete = details.theirsComplete
		this.wanted = details.wanted
	}
}

/** What changed since a revision: computed from its snapshot, or put together from what later revisions tell. */
export async function changesSince(
	database: Database,
	base: number,
	config: LoadedConfig,
): Promise<{ theirs: Change[]; theirsComplete: boolean }> {
	if (base >= config.revision) return { theirs: [], theirsComplete: base === config.revision }
	const before = base === 0 ? undefined : await loadSnapshot(database, base)
	if (before !== undefined) return { theirs: diffConfigs(before, config), theirsComplete: true }
	const rows = await database.execute(
		'SELECT revision, diff FROM revisions WHERE revision > ? AND revision <= ? ORDER BY revision',
		[base, config.revision],
	)
	return {
		theirs: rows.flatMap(({ diff }) => readChanges(String(diff))),
		theirsComplete: rows.length === config.revision - base,
	}
}

function describe(expected: number, current: number): string {
	if (expected > current) {
		return `There is no revision ${expected}: the configuration is at ${current}. Look at it again, then repeat the change.`
	}
	return `The configuration has changed since revision ${expected} (it is at ${current}): look at it again, then repeat the change.`
}
