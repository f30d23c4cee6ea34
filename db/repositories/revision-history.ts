import type { Database } from '../client.ts'
import { violates } from '../errors.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import type { ChangeConfig, Changed, ChangeMeta } from './change-config.ts'
import type { Change } from './changes.ts'
import { notFound } from './plans/plan.ts'
import { planRestore, type RestoreReview } from './plans/restore-plan.ts'
import { eraseTraces, type PurgedPlace, planPurge } from './purge.ts'
import * as revisions from './revisions.ts'

export interface Restored extends RestoreReview {
	/** The revision that the restore made; undefined when it was not made, or there was nothing to restore. */
	revision: number | undefined
}

export interface Purged extends Changed {
	/** Where the key was, newest first; empty when it was purged before. */
	places: PurgedPlace[]
	/** Whether the database file was rewritten, so that no trace is left in it. Never true of a server's database. */
	erased: boolean
}

/** What was changed, by whom, and the way back. */
export interface RevisionHistory {
	/** Newest first; `before` leaves out that revision and later ones. */
	listRevisions(options?: { limit?: number; before?: number }): Promise<revisions.RevisionPage>
	/** A revision, and the configuration that it holds, without secrets. */
	readRevision(revision: number): Promise<{ revision: revisions.Revision; config: revisions.RevisionConfig }>
	/** 0 is the empty configuration, `current` the present one. */
	diffRevisions(
		from: revisions.RevisionRef,
		to: revisions.RevisionRef,
	): Promise<{ from: number; to: number; changes: Change[] }>
	/** Pinned revisions are kept for ever. Makes no revision; nor does the next. */
	pinRevision(revision: number, pinned: boolean): Promise<revisions.Revision>
	/** Pins or lets go, and changes the message. */
	annotateRevision(
		revision: number,
		patch: { pinned?: boolean | undefined; message?: string | undefined },
	): Promise<revisions.Revision>
	/** Makes the configuration of a revision the present one, as a new revision; a dry run tells what that would change. */
	restoreRevision(revision: number, meta: ChangeMeta, options?: { dryRun?: boolean }): Promise<Restored>
	/** Takes a leaked key (by ids or fingerprints) out of the configuration and all revisions, in every upstream that has it. */
	purgeKey(leaked: string | readonly string[], meta: ChangeMeta): Promise<Purged>
}

export function createRevisionHistory(
	database: Database,
	keyRing: KeyRing,
	change: ChangeConfig,
): RevisionHistory {
	return {
		listRevisions: options => revisions.listRevisions(database, options),
		readRevision: revision => revisions.readRevision(database, keyRing, revision),
		diffRevisions: (from, to) => revisions.diffRevisions(database, from, to),
		pinRevision: (revision, pinned) => revisions.annotateRevision(database, revision, { pinned }),
		annotateRevision: (revision, patch) => revisions.annotateRevision(database, revision, patch),
		async restoreRevision(revision, meta, options) {
			try {
				const plan = (config: Parameters<typeof planRestore>[1]) =>
					planRestore(database, config, keyRing, revision)
				const { changed, revision: made, ...review } = await change(meta, plan, options)
				return { ...review, revision: changed ? made : undefined }
			} catch (error) {
				if (violates(error, 'revisions.snapshot'))
					throw notFound(`Revision ${revision} is not there any more.`)
				throw error
			}
		},
		async purgeKey(leaked, meta) {
			const { revision, places } = await change(meta, config =>
				planPurge(database, config, keyRing, [leaked].flat()),
			)
			return { revision, places, erased: await eraseTraces(database) }
		},
	}
}
