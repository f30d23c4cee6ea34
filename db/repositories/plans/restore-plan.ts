import type { Database } from '../../client.ts'
import type { KeyRing } from '../../secrets/key-ring.ts'
import type { Change } from '../changes.ts'
import type { LoadedConfig } from '../config-load.ts'
import { diffConfigs } from '../diff-configs.ts'
import { forgetStatement } from '../learned-facts.ts'
import { restoreEdits } from '../restore-edits.ts'
import { loadSnapshot, type SnapshotContent } from '../revision-snapshot.ts'
import { noChange, notFound, type Plan } from './plan.ts'

/** What a restore does, or would do. */
export interface RestoreReview {
	changes: Change[]
	/** What the restored configuration will lack, one sentence each. */
	warnings: string[]
}

/** @throws DatabaseError not-found, for a revision that is not kept any more */
export async function planRestore(
	database: Database,
	config: LoadedConfig,
	keyRing: KeyRing,
	revision: number,
): Promise<Plan<RestoreReview>> {
	const target = revision === 0 ? undefined : await loadSnapshot(database, revision)
	if (target === undefined) {
		throw notFound(
			`Revision ${revision} is not there: it never was, or is older than the ones that are kept.`,
		)
	}
	const changes = diffConfigs(config, target)
	const result = { changes, warnings: findLosses(config, target, keyRing) }
	if (changes.length === 0) return { ...noChange, result }
	return {
		edits: [...restoreEdits(revision, config.revision + 1), ...changes.flatMap(forgetLearned)],
		diff: changes,
		message: `Restored revision ${revision}`,
		restoredFrom: revision,
		result,
	}
}

/** What was learnt of another server holds no more. */
function forgetLearned(change: Change) {
	if (change.kind !== 'upstream-changed') return []
	const isAnother = 'type' in change.fields || 'baseUrl' in change.fields
	return isAnother ? [forgetStatement(change.upstreamId)] : []
}

function findLosses(config: LoadedConfig, target: SnapshotContent, keyRing: KeyRing): string[] {
	const present = new Map(config.upstreams.flatMap(({ keys }) => keys.map(key => [key.id, key.secret])))
	const warnings: string[] = []
	for (const { id, name, keys } of target.upstreams) {
		const unreadable = keys.filter(
			key => keyRing.open(present.get(key.id) ?? key.secret, key.id) === undefined,
		)
		if (unreadable.length > 0) {
			warnings.push(
				`The ENCRYPTION_KEY in use does not open ${listMasks(unreadable)} of ${name}: add ${unreadable.length === 1 ? 'it' : 'them'} again.`,
			)
		}
		const purged = target.purged.filter(({ upstreamId }) => upstreamId === id)
		if (purged.length > 0) {
			const verb = purged.length === 1 ? 'was purged and stays' : 'were purged and stay'
			warnings.push(`${listMasks(purged)} of ${name} ${verb} gone.`)
		}
	}
	return [...warnings, ...findTrouble(target)]
}

function findTrouble(target: SnapshotContent): string[] {
	const current = target.upstreams.find(({ id }) => id === target.currentUpstreamId)
	if (current === undefined)
		return ['No upstream will be current: requests are answered 503 until one is chosen.']
	if (!current.enabled) return [`${current.name} will be current, and is switched off.`]
	if (current.keys.some(({ enabled }) => enabled !== 0)) return []
	return [`${current.name} will be current, and has no key in use.`]
}

function listMasks(keys: readonly { mask: string }[]): string {
	const masks = keys.slice(0, 10).map(({ mask }) => mask)
	const more = keys.length - masks.length
	return `${masks.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
