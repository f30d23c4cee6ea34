import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import type { Status } from '../live/status.ts'
import { inOrder } from './move.ts'

/** How the status looks after a change, before the server has said so. Pure. */

export function showCurrent(status: Status, id: string): Status {
	const upstreams = status.upstreams.map(upstream => {
		const current = upstream.id === id
		const named = { ready: 'current', current: 'ready' } as const
		const swaps = current !== upstream.current && (upstream.state === 'ready' || upstream.state === 'current')
		const state = swaps ? named[upstream.state as 'ready' | 'current'] : upstream.state
		return { ...upstream, current, state }
	})
	return { ...status, currentUpstreamId: id, upstreams }
}

export function showStrategy(status: Status, strategy: Status['strategy']): Status {
	return { ...status, strategy }
}

export function showOrder(status: Status, ids: readonly string[]): Status {
	return { ...status, upstreams: [...inOrder(status.upstreams, ids)] }
}

export function showKeyOrder(status: Status, upstreamId: string, ids: readonly string[]): Status {
	return changeUpstream(status, upstreamId, upstream => ({
		...upstream,
		keys: [...inOrder(upstream.keys, ids)],
	}))
}

export function showKeyEnabled(status: Status, upstreamId: string, keyId: string, enabled: boolean): Status {
	return changeUpstream(status, upstreamId, upstream => ({
		...upstream,
		keys: upstream.keys.map(key => {
			if (key.id !== keyId) return key
			return { ...key, enabled, state: enabled ? ('ready' as const) : ('paused' as const) }
		}),
	}))
}

export function showWithoutKey(status: Status, upstreamId: string, keyId: string): Status {
	return changeUpstream(status, upstreamId, upstream => ({
		...upstream,
		keys: upstream.keys.filter(key => key.id !== keyId),
	}))
}

function changeUpstream(
	status: Status,
	id: string,
	change: (upstream: UpstreamView) => UpstreamView,
): Status {
	const upstreams = status.upstreams.map(upstream => (upstream.id === id ? change(upstream) : upstream))
	return { ...status, upstreams }
}
