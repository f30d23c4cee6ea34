import type { Status } from '../live/status.ts'

/** Everything at a glance. */
export function summarise({ upstreams, traffic }: Status) {
	const keys = upstreams.flatMap(upstream => upstream.keys)
	const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
	return {
		current: upstreams.find(upstream => upstream.current),
		upstreams: upstreams.length,
		enabled: upstreams.filter(({ enabled }) => enabled).length,
		keys: keys.length,
		readyKeys: keys.filter(({ state }) => state === 'ready').length,
		coolingKeys: keys.filter(({ state }) => state === 'cooling').length,
		requests: sum(traffic.upstreams.map(({ requests }) => requests)),
		failed: sum(traffic.upstreams.map(({ failed }) => failed)),
	}
}
