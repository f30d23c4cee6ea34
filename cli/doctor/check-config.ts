import type { Config, ConfigUpstream } from '../../db/index.ts'
import type { ConfigSession } from '../config-session.ts'
import { describeUpstream } from '../describe-state.ts'
import { advise, type Finding, inArea, suggest } from './finding.ts'

/** What stands in the configuration, without asking anyone. */
export function checkConfig(config: Config, session: ConfigSession): Finding[] {
	if (config.upstreams.length === 0) {
		const { warn } = inArea('upstreams')
		return [
			warn('there are none: requests are answered 503', suggest('add', '<name>', '--preset', '<preset>')),
		]
	}
	return [checkCurrent(config, session), ...config.upstreams.map(upstream => checkUpstream(upstream, config))]
}

function checkCurrent(config: Config, { repository }: ConfigSession): Finding {
	const { ok, fail } = inArea('upstreams')
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	if (current) return ok(`${config.upstreams.length}, ${current.name} answers, strategy ${config.strategy}`)
	const [only, ...others] = config.upstreams
	const single = others.length === 0 ? only : undefined
	return fail('none is current: requests are answered 503', {
		...suggest('use', single?.name ?? '<upstream>'),
		...(single && {
			async repair() {
				await repository.setCurrentUpstream(single.id, { author: 'cli' })
				return `${single.name} answers now`
			},
		}),
	})
}

function checkUpstream(upstream: ConfigUpstream, config: Config): Finding {
	const { name, keys } = upstream
	const { ok, warn, fail, skip } = inArea(`upstream ${name}`)
	const isCurrent = upstream.id === config.currentUpstreamId
	const complain = isCurrent ? fail : warn
	if (!upstream.enabled)
		return isCurrent ? fail('it is off', suggest('update', name, '--enabled', 'true')) : skip('it is off')
	const unreadable = keys.filter(({ readable }) => !readable).length
	if (unreadable > 0) {
		const text = `${unreadable} of ${keys.length} keys were stored with another ENCRYPTION_KEY`
		return complain(
			text,
			advise('put the old one behind the new one in ENCRYPTION_KEY, or add the keys again'),
		)
	}
	const { state, readyInMs = 0 } = describeUpstream(upstream, config)
	if (state === 'no-keys')
		return complain('it has no key that could be sent', suggest('key', name, 'add', '<key>'))
	if (state === 'cooling') {
		return complain(`all keys cool for ${Math.ceil(readyInMs / 1000)} s more`, suggest('key', name, 'list'))
	}
	if (upstream.insecureSkipVerify)
		return warn('TLS certificates are not verified', suggest('update', name, '--insecureSkipVerify', 'false'))
	if (state === 'degraded') return warn('some keys cool', suggest('key', name, 'list'))
	return ok(`${upstream.type}, ${keys.length === 1 ? '1 key' : `${keys.length} keys`}`)
}
