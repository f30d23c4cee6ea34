import { untrack } from 'svelte'
import type { UsageGroups } from '../../../../core/usage/groups.ts'
import { read } from '../api/client.ts'
import { clock } from '../live/clock.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { useSession } from '../session/session.svelte.ts'

/** These are figures of a day: once a minute is enough. */
const againMs = 60_000

type Group = UsageGroups['groups'][number]

export interface DayUsage {
	/** Undefined: not known. */
	readonly all: UsageGroups['all'] | undefined
	/** Undefined: not asked in the last 24 hours, or not known. */
	of(id: string): Group | undefined
}

/**
 * The last 24 hours of all upstreams, or of one by its keys. Asked again with answers of the live status, once a minute;
 * a failure leaves what was known, the page says enough about those.
 */
export function useDayUsage(upstreamId?: () => string): DayUsage {
	const { api } = useSession()
	const live = useLiveStatus()
	let known: UsageGroups | undefined = $state.raw()
	let askedAt = -againMs
	const byId = $derived(new Map(known?.groups.map(group => [group.id, group])))

	async function refresh() {
		if (clock.now - askedAt < againMs) return
		askedAt = clock.now
		const query = upstreamId ? { upstream: upstreamId() } : {}
		known = (await read(api.usage.day.$get({ query })).catch(() => undefined)) ?? known
	}
	$effect(() => {
		void live.answeredAt
		untrack(() => void refresh())
	})
	return {
		get all() {
			return known?.all
		},
		of: id => byId.get(id),
	}
}
