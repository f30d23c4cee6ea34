import type { Messages } from '../i18n/messages/en/index.ts'
import type { Change } from './types.ts'

/** Changes of one upstream, for a review before something is done. */
export interface ReviewedUpstream {
	upstreamId: string
	name: string
	changes: readonly Change[]
	/** After it; unknown to a restore. */
	keyCount?: number
}

export interface Review {
	added: readonly ReviewedUpstream[]
	changed: readonly ReviewedUpstream[]
	removed: readonly ReviewedUpstream[]
	/** What is not about one upstream. */
	settings: readonly Change[]
}

/** Puts changes into the groups that an import's review has too. */
export function groupChanges(changes: readonly Change[]): Review {
	const own = changes.filter(change => 'upstreamId' in change)
	const upstreams = [...Map.groupBy(own, ({ upstreamId }) => upstreamId)].map(([upstreamId, list]) => ({
		upstreamId,
		name: list[0]?.name ?? upstreamId,
		changes: list,
	}))
	const has = ({ changes: list }: ReviewedUpstream, kind: Change['kind']) =>
		list.some(change => change.kind === kind)
	const added = upstreams.filter(upstream => has(upstream, 'upstream-added'))
	const removed = upstreams.filter(upstream => has(upstream, 'upstream-removed'))
	return {
		added,
		removed,
		changed: upstreams.filter(upstream => !added.includes(upstream) && !removed.includes(upstream)),
		settings: changes.filter(change => !('upstreamId' in change)),
	}
}

type Words = Messages['history']['restore']

/** What a restore means for requests, besides what the server warns of. */
export function warnOfCurrent(changes: readonly Change[], words: Words): string[] {
	const change = changes.find(one => one.kind === 'current-changed')
	if (change?.kind !== 'current-changed' || change.from === undefined) return []
	const from = change.fromName ?? change.from
	const goes = changes.some(one => one.kind === 'upstream-removed' && one.upstreamId === change.from)
	const to = change.toName ?? change.to
	return [
		...(goes ? [words.currentGoes(from)] : []),
		...(!goes && to !== undefined ? [words.currentChanges(from, to)] : []),
	]
}

/** A warning of the server (`db/repositories/plans/restore-plan.ts`) in the page's language; one it has no words for as it is. */
export function translateWarning(text: string, words: Words): string {
	const rules: readonly [RegExp, (first: string, second: string) => string][] = [
		[/^The ENCRYPTION_KEY in use does not open (.+) of (.+): add (?:it|them) again\.$/, words.unreadable],
		[/^(.+) of (.+) (?:was purged and stays|were purged and stay) gone\.$/, words.purged],
		[/^No upstream will be current: .+$/, () => words.noCurrent],
		[/^(.+) will be current, and is switched off\.$/, words.currentOff],
		[/^(.+) will be current, and has no key in use\.$/, words.currentKeyless],
	]
	for (const [pattern, say] of rules) {
		const found = pattern.exec(text)
		if (found) return say(found[1] ?? '', found[2] ?? '')
	}
	return text
}
