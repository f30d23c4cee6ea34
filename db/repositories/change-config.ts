import type { Database } from '../client.ts'
import { DatabaseError, isDatabaseError } from '../errors.ts'
import { migrations } from '../migrations/index.ts'
import type { Change } from './changes.ts'
import { type Author, commitRevision } from './commit-revision.ts'
import { ConfigConflict, changesSince } from './config-conflict.ts'
import { type LoadedConfig, loadConfig } from './config-load.ts'
import type { Plan } from './plans/plan.ts'

/** Who makes a change, and on what it was based. */
export interface ChangeMeta {
	author: Author
	message?: string
	/** With it, a change in between is a conflict; without it, the change is worked out anew. */
	expectedRevision?: number
}

/** Every change answers with the revision that it made, or with the present one when there was nothing to change. */
export interface Changed {
	revision: number
}

type MakePlan<Result> = (config: LoadedConfig) => Plan<Result> | Promise<Plan<Result>>

/** Works out a change on the newest configuration and makes it, again when somebody else was faster. */
export type ChangeConfig = <Result>(
	meta: ChangeMeta,
	makePlan: MakePlan<Result>,
	options?: { dryRun?: boolean | undefined },
) => Promise<Changed & { changed: boolean } & Result>

const CONFLICT_TRIES = 50

export function createChangeConfig(database: Database): ChangeConfig {
	return async (meta, makePlan, options = {}) => {
		for (let tries = 1; ; tries++) {
			const config = await loadConfig(database)
			refuseNewerSchema(database, config)
			if (meta.expectedRevision !== undefined && meta.expectedRevision !== config.revision) {
				throw await explainConflict(database, config, meta.expectedRevision, makePlan)
			}
			const plan = await makePlan(config)
			if (plan.edits.length === 0 || options.dryRun) {
				return { ...plan.result, revision: config.revision, changed: false }
			}
			try {
				const revision = await commitRevision(database, config.revision, plan.edits, {
					author: meta.author,
					message: meta.message || plan.message,
					diff: plan.diff,
					...(plan.restoredFrom === undefined ? {} : { restoredFrom: plan.restoredFrom }),
				})
				return { ...plan.result, revision, changed: true }
			} catch (error) {
				if (!isDatabaseError(error, 'conflict')) throw error
				if (meta.expectedRevision === undefined && tries < CONFLICT_TRIES) continue
				throw await explainConflict(database, await loadConfig(database), config.revision, makePlan, error)
			}
		}
	}
}

/** Both sides of a conflict: what changed since, and what the change would do now. */
async function explainConflict(
	database: Database,
	config: LoadedConfig,
	expectedRevision: number,
	makePlan: MakePlan<unknown>,
	cause?: unknown,
): Promise<ConfigConflict> {
	const { revision: currentRevision } = config
	const theirs = await changesSince(database, expectedRevision, config)
	const wanted = await planDiff(config, makePlan)
	return new ConfigConflict({ expectedRevision, currentRevision, wanted, ...theirs }, cause)
}

/** Nothing when the change cannot be made any more, as when its upstream is gone. */
async function planDiff(config: LoadedConfig, makePlan: MakePlan<unknown>): Promise<Change[]> {
	try {
		return (await makePlan(config)).diff
	} catch (error) {
		if (error instanceof DatabaseError) return []
		throw error
	}
}

/** A newer version's rules are unknown here: reading is safe since its migrations only add, writing is not. */
function refuseNewerSchema(database: Database, config: LoadedConfig): void {
	if (config.schemaVersion <= (migrations.at(-1)?.version ?? 0)) return
	throw new DatabaseError(
		'newer-schema',
		`The database ${database.label} belongs to a newer claude-proxy: update this one before changing the configuration.`,
	)
}
