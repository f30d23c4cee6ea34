import type { Change } from '../repositories/changes.ts'
import type { LoadedUpstream } from '../repositories/config-load.ts'

/** What an import does, or would do, for people: the same for CLI, API and admin. Masks only. */
export interface ImportReview {
	added: ReviewedUpstream[]
	changed: ReviewedUpstream[]
	removed: ReviewedUpstream[]
	unchanged: Omit<ReviewedUpstream, 'changes'>[]
	/** What is not about one upstream: strategy and other settings, the current upstream, the order. */
	settings: Change[]
}

export interface ReviewedUpstream {
	upstreamId: string
	/** Before the change, where it is renamed. */
	name: string
	/** After it; 0 for one that is removed. */
	keyCount: number
	changes: Change[]
}

export function reviewChanges(changes: readonly Change[], after: readonly LoadedUpstream[]): ImportReview {
	const byUpstream = new Map<string, ReviewedUpstream>()
	const settings: Change[] = []
	const keyCounts = new Map(after.map(({ id, keys }) => [id, keys.length]))
	for (const change of changes) {
		if (!('upstreamId' in change)) {
			settings.push(change)
			continue
		}
		const { upstreamId, name } = change
		const entry = byUpstream.get(upstreamId)
		if (entry !== undefined) entry.changes.push(change)
		else {
			const keyCount = keyCounts.get(upstreamId) ?? 0
			byUpstream.set(upstreamId, { upstreamId, name, keyCount, changes: [change] })
		}
	}
	const entries = [...byUpstream.values()]
	const has = ({ changes: own }: ReviewedUpstream, kind: Change['kind']) => own.some(own => own.kind === kind)
	const added = entries.filter(entry => has(entry, 'upstream-added'))
	const removed = entries.filter(entry => has(entry, 'upstream-removed'))
	return {
		...{ added, removed, settings },
		changed: entries.filter(entry => !added.includes(entry) && !removed.includes(entry)),
		unchanged: after.flatMap(({ id: upstreamId, name, keys }) =>
			byUpstream.has(upstreamId) ? [] : [{ upstreamId, name, keyCount: keys.length }],
		),
	}
}
