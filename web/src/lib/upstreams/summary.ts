import type { Status } from '../live/status.ts'
import { shareFailed } from './latency.ts'

/** Everything at a glance. */
export function summarise({ upstreams, traffic }: Status) {
	const keys = upstreams.flatMap(upstream => upstream.keys)
	const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
	const { upstreams: seen } = traffic
	const counts = {
		requests: sum(seen.map(({ requests }) => requests)),
		failed: sum(seen.map(({ failed }) => failed)),
		cancelled: sum(seen.map(({ cancelled }) => cancelled)),
	}
	return {
		current: upstreams.find(upstream => upstream.current),
		upstreams: upstreams.length,
		enabled: upstreams.filter(({ enabled }) => enabled).length,
		keys: keys.length,
		readyKeys: keys.filter(({ state }) => state === 'ready').length,
		coolingKeys: keys.filter(({ state }) => state === 'cooling').length,
		requests: counts.requests,
		failedShare: shareFailed(counts),
	}
}
