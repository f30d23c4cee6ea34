import type { Strategy, UpstreamConfig, UpstreamInput } from '../../core/config/upstream.ts'
import type { FailureClass } from '../../core/upstreams/contract.ts'
import type { Database } from '../client.ts'
import { DatabaseError, isDatabaseError } from '../errors.ts'
import { migrations } from '../migrations/index.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { type Author, commitRevision } from './commit-revision.ts'
import { type KeyStateRow, type LoadedConfig, loadConfig } from './config-load.ts'
import { forgetFacts, listFacts, type StoredFact } from './learned-facts.ts'
import * as plans from './plans.ts'
import { listRevisions, type Revision } from './revisions.ts'

/** The configuration as people see it: no secret in it, key states included. */
export interface Config {
	revision: number
	stateVersion: number
	/** Database clock when it was read: cooldowns compare with this. */
	now: number
	strategy: Strategy
	currentUpstreamId: string | undefined
	/** In display order. */
	upstreams: ConfigUpstream[]
}

export interface ConfigUpstream extends UpstreamConfig {
	id: string
	position: number
	createdAt: number
	/** In order. */
	keys: ConfigKey[]
}

export interface ConfigKey {
	id: string
	mask: string
	enabled: boolean
	position: number
	fingerprint: string
	/** False when the ENCRYPTION_KEY at hand does not open it. */
	readable: boolean
	createdAt: number
	/** One per scope that ever failed; `''` is the key as a whole. */
	state: KeyState[]
}

export interface KeyState {
	scope: string
	cooldownUntil: number
	streak: number
	failTotal: number
	lastFailAt: number
	lastOkAt: number
	lastError: string
	lastStatus: number
	lastClass: FailureClass | ''
}

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

export interface ConfigRepository {
	read(): Promise<Config>
	addUpstream(
		input: UpstreamInput,
		meta: ChangeMeta,
		secrets?: readonly string[],
	): Promise<Changed & { id: string } & plans.AddedKeys>
	updateUpstream(id: string, patch: Partial<UpstreamInput>, meta: ChangeMeta): Promise<Changed>
	removeUpstream(id: string, meta: ChangeMeta): Promise<Changed>
	setCurrentUpstream(id: string, meta: ChangeMeta): Promise<Changed>
	setStrategy(strategy: Strategy, meta: ChangeMeta): Promise<Changed>
	addKeys(
		upstreamId: string,
		secrets: readonly string[],
		meta: ChangeMeta,
	): Promise<Changed & plans.AddedKeys>
	removeKey(id: string, meta: ChangeMeta): Promise<Changed>
	reorderKeys(upstreamId: string, ids: readonly string[], meta: ChangeMeta): Promise<Changed>
	setKeyEnabled(id: string, enabled: boolean, meta: ChangeMeta): Promise<Changed>
	listRevisions(options?: { limit?: number }): Promise<Revision[]>
	/** What upstreams' refusals taught. State, not configuration: forgetting makes no revision. */
	listFacts(upstreamId?: string): Promise<StoredFact[]>
	/** Returns how many facts were forgotten. */
	forgetFacts(upstreamId: string, model?: string): Promise<number>
}

const CONFLICT_TRIES = 50

export function createConfigRepository(database: Database, keyRing: KeyRing): ConfigRepository {
	async function change<Result>(
		meta: ChangeMeta,
		makePlan: (config: LoadedConfig) => plans.Plan<Result>,
	): Promise<Changed & Result> {
		for (let tries = 1; ; tries++) {
			const config = await loadConfig(database)
			refuseNewerSchema(database, config)
			refuseStale(config, meta)
			const plan = makePlan(config)
			if (plan.edits.length === 0) return { revision: config.revision, ...plan.result }
			try {
				const revision = await commitRevision(database, config.revision, plan.edits, {
					author: meta.author,
					message: meta.message || plan.message,
					diff: plan.diff,
				})
				return { revision, ...plan.result }
			} catch (error) {
				const mayRepeat = meta.expectedRevision === undefined && tries < CONFLICT_TRIES
				if (!isDatabaseError(error, 'conflict') || !mayRepeat) throw error
			}
		}
	}

	return {
		read: async () => toConfig(await loadConfig(database), keyRing),
		addUpstream: (input, meta, secrets = []) =>
			change(meta, config => plans.planAddUpstream(config, keyRing, input, secrets)),
		updateUpstream: (id, patch, meta) => change(meta, config => plans.planUpdateUpstream(config, id, patch)),
		removeUpstream: (id, meta) => change(meta, config => plans.planRemoveUpstream(config, id)),
		setCurrentUpstream: (id, meta) => change(meta, config => plans.planSetCurrent(config, id)),
		setStrategy: (strategy, meta) => change(meta, config => plans.planSetStrategy(config, strategy)),
		addKeys: (upstreamId, secrets, meta) =>
			change(meta, config => plans.planAddKeys(config, keyRing, upstreamId, secrets)),
		removeKey: (id, meta) => change(meta, config => plans.planRemoveKey(config, id)),
		reorderKeys: (upstreamId, ids, meta) =>
			change(meta, config => plans.planReorderKeys(config, upstreamId, ids)),
		setKeyEnabled: (id, enabled, meta) =>
			change(meta, config => plans.planSetKeyEnabled(config, id, enabled)),
		listRevisions: options => listRevisions(database, options),
		listFacts: upstreamId => listFacts(database, upstreamId),
		forgetFacts: (upstreamId, model) => forgetFacts(database, upstreamId, model),
	}
}

function toConfig(loaded: LoadedConfig, keyRing: KeyRing): Config {
	return {
		revision: loaded.revision,
		stateVersion: loaded.stateVersion,
		now: loaded.databaseNow,
		strategy: loaded.strategy,
		currentUpstreamId: loaded.currentUpstreamId,
		upstreams: loaded.upstreams.map(upstream => ({
			...upstream,
			keys: upstream.keys.map(key => ({
				id: key.id,
				mask: key.mask,
				enabled: key.enabled !== 0,
				position: key.position,
				fingerprint: key.fingerprint,
				readable: keyRing.open(key.secret, key.id) !== undefined,
				createdAt: key.created_at,
				state: loaded.keyStates.filter(state => state.key_id === key.id).map(toKeyState),
			})),
		})),
	}
}

function toKeyState(row: KeyStateRow): KeyState {
	return {
		scope: row.scope,
		cooldownUntil: row.cooldown_until,
		streak: row.streak,
		failTotal: row.fail_total,
		lastFailAt: row.last_fail_at,
		lastOkAt: row.last_ok_at,
		lastError: row.last_error,
		lastStatus: row.last_status,
		lastClass: row.last_class as FailureClass | '',
	}
}

function refuseStale(config: LoadedConfig, meta: ChangeMeta): void {
	if (meta.expectedRevision === undefined || meta.expectedRevision === config.revision) return
	throw new DatabaseError(
		'conflict',
		`The configuration has changed since revision ${meta.expectedRevision} (it is at ${config.revision}): look at it again, then repeat the change.`,
	)
}

/** A newer version's rules are unknown here: reading is safe since its migrations only add, writing is not. */
function refuseNewerSchema(database: Database, config: LoadedConfig): void {
	if (config.schemaVersion <= (migrations.at(-1)?.version ?? 0)) return
	throw new DatabaseError(
		'newer-schema',
		`The database ${database.label} belongs to a newer claude-proxy: update this one before changing the configuration.`,
	)
}
