import { toKeyView } from '../core/views/key-view.ts'
import { toUpstreamView } from '../core/views/upstream-view.ts'
import type { Config, ConfigKey, ConfigUpstream } from '../db/index.ts'
import { describeKey, describeUpstream } from './describe-state.ts'

/** An upstream as `--json` prints it: as the admin API answers it, with its number and the time left. */
export function viewUpstream(upstream: ConfigUpstream, config: Config) {
	return {
		index: config.upstreams.indexOf(upstream),
		...toUpstreamView(upstream, config),
		...describeUpstream(upstream, config),
		keys: upstream.keys.map((key, index) => viewKey(key, index, config.now)),
	}
}

export function viewKey(key: ConfigKey, index: number, now: number) {
	return { index, ...toKeyView(key, now), ...describeKey(key, now) }
}
