import type { ConfigKey, ConfigUpstream } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { suggestNext } from '../next-step.ts'
import { usageError } from '../refuse.ts'

type Words = readonly string[]

export async function removeKey(
	call: CommandCall,
	upstreamWord: string,
	words: Words,
): Promise<CommandResult> {
	const target = await findTarget(call, upstreamWord, words, 'remove')
	const { revision } = await target.session.repository.removeKey(target.key.id, { author: 'cli' })
	return report(call, target, revision, 'removed')
}

export function enableKey(call: CommandCall, upstreamWord: string, words: Words): Promise<CommandResult> {
	return switchKey(call, upstreamWord, words, true)
}

export function disableKey(call: CommandCall, upstreamWord: string, words: Words): Promise<CommandResult> {
	return switchKey(call, upstreamWord, words, false)
}

async function switchKey(
	call: CommandCall,
	upstreamWord: string,
	words: Words,
	enabled: boolean,
): Promise<CommandResult> {
	const target = await findTarget(call, upstreamWord, words, enabled ? 'enable' : 'disable')
	const { revision } = await target.session.repository.setKeyEnabled(target.key.id, enabled, {
		author: 'cli',
	})
	return report(call, target, revision, enabled ? 'enabled' : 'disabled')
}

interface Target {
	session: ConfigSession
	upstream: ConfigUpstream
	key: ConfigKey
}

async function findTarget(
	call: CommandCall,
	upstreamWord: string,
	words: Words,
	action: string,
): Promise<Target> {
	const [word] = words
	if (word === undefined || words.length > 1) {
		throw usageError(`${action} takes one key: key <upstream> ${action} <id|number|mask|key>`)
	}
	const session = await call.openSession()
	const upstream = findUpstream(await session.read(), upstreamWord)
	return { session, upstream, key: findKey(upstream, word, session.keyRing) }
}

async function report(
	call: CommandCall,
	target: Target,
	revision: number,
	done: string,
): Promise<CommandResult> {
	const { session, key } = target
	const config = await session.read()
	const upstream = config.upstreams.find(({ id }) => id === target.upstream.id) ?? target.upstream
	const usable = upstream.keys.filter(({ enabled, readable }) => enabled && readable).length
	return {
		data: {
			revision,
			upstream: { id: upstream.id, name: upstream.name },
			key: { id: key.id, mask: key.mask },
			done,
		},
		lines: [
			`${call.style.good(done)} ${key.mask}`,
			`${upstream.name} has ${usable === 1 ? '1 usable key' : `${usable} usable keys`}`,
			...(usable === 0 ? suggestNext(call, upstream, config) : []),
		],
	}
}
