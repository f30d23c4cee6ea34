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
	const target = await findTarget(call, upstreamWord, words, 'remove', { exact: true })
	const { revision } = await target.session.repository.removeKey(target.key.id, { author: 'cli' })
	return report(call, target, revision, 'removed')
}

/** The words that people use for it, and what was done then. */
const switches = {
	enable: { enabled: true, done: 'enabled' },
	resume: { enabled: true, done: 'resumed' },
	disable: { enabled: false, done: 'disabled' },
	pause: { enabled: false, done: 'paused' },
} as const

/** A paused key keeps its place and its history, and is not used. */
export function switchKey(action: keyof typeof switches) {
	return async (call: CommandCall, upstreamWord: string, words: Words): Promise<CommandResult> => {
		const { enabled, done } = switches[action]
		const target = await findTarget(call, upstreamWord, words, action)
		const { repository } = target.session
		const { revision } = await repository.setKeyEnabled(target.key.id, enabled, { author: 'cli' })
		return report(call, target, revision, done)
	}
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
	options: { exact?: boolean } = {},
): Promise<Target> {
	const [word] = words
	if (word === undefined || words.length > 1) {
		throw usageError(`${action} takes one key: key <upstream> ${action} <id|number|mask|key>`)
	}
	const session = await call.openSession()
	const upstream = findUpstream(await session.read(), upstreamWord)
	return { session, upstream, key: findKey(upstream, word, session.keyRing, options) }
}

async function report(
	call: CommandCall,
	target: Target,
	revision: number,
	done: string,
): Promise<CommandResult> {
	const { session, key } = target
	const { say } = call.texts
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
			call.style.good(say(`${done} ${key.mask}`)),
			say(usable === 1 ? `${upstream.name} has 1 usable key` : `${upstream.name} has ${usable} usable keys`),
			...(usable === 0 ? suggestNext(call, upstream, config) : []),
		],
	}
}
