import type { Settings, SettingsPatch } from '../../core/config/settings.ts'
import type { Strategy, UpstreamConfig, UpstreamInput } from '../../core/config/upstream.ts'
import type { FailureClass } from '../../core/upstreams/contract.ts'
import type { Database } from '../client.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { type ExportOptions, type ExportResult, exportConfig } from '../transfer/export-config.ts'
import { type ImportOptions, type ImportResult, importConfig } from '../transfer/import-config.ts'
import { type JudgedKey, judgeKeys } from '../transfer/judge-keys.ts'
import { type Changed, type ChangeMeta, createChangeConfig } from './change-config.ts'
import type { Author } from './commit-revision.ts'
import { type KeyRow, type KeyStateRow, type LoadedConfig, loadConfig } from './config-load.ts'
import { type ClearedCooldown, clearCooldown, type KeyEvent, listKeyEvents } from './key-events.ts'
import { type Promoted, undoDemotion } from './key-promotion.ts'
import { forgetFacts, listFacts, type StoredFact } from './learned-facts.ts'
import { type KeyUse, readOverview, type Traffic } from './overview.ts'
import * as keyPlans from './plans/key-plans.ts'
import type { Plan } from './plans/plan.ts'
import * as settingsPlans from './plans/settings-plans.ts'
import * as upstreamPlans from './plans/upstream-plans.ts'
import { createRevisionHistory, type RevisionHistory } from './revision-history.ts'

export type { Changed, ChangeMeta }

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
	/** How many facts refusals taught about its models. */
	learnedFacts: number
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
	/** Of an overview only: whether it stands further back than before its latest demotion, and when it last answered. */
	demoted?: boolean
	lastUsedAt?: number
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

export interface ConfigRepository extends RevisionHistory {
	read(): Promise<Config>
	/** With what is known of the keys' use, and the traffic of the last 24 hours: one trip as well. */
	readOverview(): Promise<{ config: Config; traffic: Traffic }>
	addUpstream(
		input: UpstreamInput,
		meta: ChangeMeta,
		secrets?: readonly string[],
		options?: { makeCurrent?: boolean },
	): Promise<Changed & { id: string } & keyPlans.AddedKeys>
	updateUpstream(id: string, patch: Partial<UpstreamInput>, meta: ChangeMeta): Promise<Changed>
	removeUpstream(id: string, meta: ChangeMeta): Promise<Changed>
	setCurrentUpstream(id: string, meta: ChangeMeta): Promise<Changed>
	/** Upstreams that `ids` does not name keep their order behind those that it does. */
	orderUpstreams(ids: readonly string[], meta: ChangeMeta): Promise<Changed>
	setStrategy(strategy: Strategy, meta: ChangeMeta): Promise<Changed>
	listSettings(): Promise<Changed & { settings: Settings }>
	/** Changes the settings that the patch names, and no other. */
	changeSettings(patch: SettingsPatch, meta: ChangeMeta): Promise<Changed>
	addKeys(
		upstreamId: string,
		secrets: readonly string[],
		meta: ChangeMeta,
	): Promise<Changed & keyPlans.AddedKeys>
	removeKey(id: string, meta: ChangeMeta): Promise<Changed>
	reorderKeys(upstreamId: string, ids: readonly string[], meta: ChangeMeta): Promise<Changed>
	setKeyEnabled(id: string, enabled: boolean, meta: ChangeMeta): Promise<Changed>
	/** What adding these keys would mean; nothing is stored. */
	judgeKeys(secrets: readonly string[], upstreamId?: string): Promise<JudgedKey[]>
	exportConfig(options: ExportOptions): Promise<ExportResult>
	/** One revision for the whole file, or none. @throws ImportRefused */
	importConfig(text: string, options: ImportOptions): Promise<ImportResult>
	/** Newest first. */
	listKeyEvents(keyId: string, options?: { limit?: number }): Promise<KeyEvent[]>
	/** Puts a key back where it stood before its latest demotion. State, not configuration: it makes no revision. */
	undoDemotion(keyId: string, options: { author: Author }): Promise<Promoted>
	/** Ends a key's cooldowns, or the one of a scope. State, not configuration: it makes no revision. */
	clearCooldown(keyId: string, options: { author: Author; scope?: string }): Promise<ClearedCooldown>
	/** What upstreams' refusals taught. State, not configuration: forgetting makes no revision. */
	listFacts(upstreamId?: string): Promise<StoredFact[]>
	/** Returns how many facts were forgotten. */
	forgetFacts(upstreamId: string, model?: string): Promise<number>
}

export function createConfigRepository(database: Database, keyRing: KeyRing): ConfigRepository {
	const changeConfig = createChangeConfig(database)
	const isReadable = createReadableCheck(keyRing)

	async function change<Result>(
		meta: ChangeMeta,
		makePlan: (config: LoadedConfig) => Plan<Result>,
	): Promise<Changed & Result> {
		const { changed, ...result } = await changeConfig(meta, makePlan)
		return result as Changed & Result
	}

	return {
		read: async () => toConfig(await loadConfig(database), isReadable),
		async readOverview() {
			const overview = await readOverview(database)
			return { config: toConfig(overview.config, isReadable, overview), traffic: overview.traffic }
		},
		addUpstream: (input, meta, secrets = [], options = {}) =>
			change(meta, config => upstreamPlans.planAddUpstream(config, keyRing, input, secrets, options)),
		updateUpstream: (id, patch, meta) =>
			change(meta, config => upstreamPlans.planUpdateUpstream(config, id, patch)),
		removeUpstream: (id, meta) => change(meta, config => upstreamPlans.planRemoveUpstream(config, id)),
		setCurrentUpstream: (id, meta) => change(meta, config => upstreamPlans.planSetCurrent(config, id)),
		orderUpstreams: (ids, meta) => change(meta, config => upstreamPlans.planOrderUpstreams(config, ids)),
		async listSettings() {
			const { revision, settings } = await loadConfig(database)
			return { revision, settings }
		},
		changeSettings: (patch, meta) => change(meta, config => settingsPlans.planChangeSettings(config, patch)),
		setStrategy: (strategy, meta) => change(meta, config => settingsPlans.planSetStrategy(config, strategy)),
		addKeys: (upstreamId, secrets, meta) =>
			change(meta, config => keyPlans.planAddKeys(config, keyRing, upstreamId, secrets)),
		removeKey: (id, meta) => change(meta, config => keyPlans.planRemoveKey(config, id)),
		reorderKeys: (upstreamId, ids, meta) =>
			change(meta, config => keyPlans.planReorderKeys(config, upstreamId, ids)),
		setKeyEnabled: (id, enabled, meta) =>
			change(meta, config => keyPlans.planSetKeyEnabled(config, id, enabled)),
		judgeKeys: async (secrets, upstreamId) =>
			judgeKeys(await loadConfig(database), keyRing, secrets, upstreamId),
		exportConfig: async options => exportConfig(await loadConfig(database), keyRing, options),
		importConfig: (text, options) => importConfig(changeConfig, keyRing, text, options),
		...createRevisionHistory(database, keyRing, changeConfig),
		listKeyEvents: (keyId, options) => listKeyEvents(database, keyId, options),
		undoDemotion: (keyId, options) => undoDemotion(database, keyId, options),
		clearCooldown: (keyId, options) => clearCooldown(database, keyId, options),
		listFacts: upstreamId => listFacts(database, upstreamId),
		forgetFacts: (upstreamId, model) => forgetFacts(database, upstreamId, model),
	}
}

/** Keys whose answer is remembered; each takes 0.1 ms to open, and the admin asks every second. */
const REMEMBERED_KEYS = 10_000

function createReadableCheck(keyRing: KeyRing): (key: KeyRow) => boolean {
	const known = new Map<string, boolean>()
	return ({ id, secret }) => {
		const place = `${id} ${secret}`
		const found = known.get(place) ?? keyRing.open(secret, id) !== undefined
		if (known.size >= REMEMBERED_KEYS) known.clear()
		known.set(place, found)
		return found
	}
}

function toConfig(loaded: LoadedConfig, isReadable: (key: KeyRow) => boolean, use?: KeyUse): Config {
	return {
		revision: loaded.revision,
		stateVersion: loaded.stateVersion,
		now: loaded.databaseNow,
		strategy: loaded.strategy,
		currentUpstreamId: loaded.currentUpstreamId,
		upstreams: loaded.upstreams.map(upstream => ({
			...upstream,
			learnedFacts: loaded.facts.filter(({ upstreamId }) => upstreamId === upstream.id).length,
			keys: upstream.keys.map(key => ({
				id: key.id,
				mask: key.mask,
				enabled: key.enabled !== 0,
				position: key.position,
				fingerprint: key.fingerprint,
				readable: isReadable(key),
				createdAt: key.created_at,
				state: loaded.keyStates.filter(state => state.key_id === key.id).map(toKeyState),
				...(use && { demoted: use.demotedKeys.has(key.id), lastUsedAt: use.lastUsed.get(key.id) ?? 0 }),
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
