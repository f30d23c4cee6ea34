import type { ConfigKey, ConfigUpstream } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'

interface Cleared {
	key: ConfigKey
	scopes: string[]
}

/** Ends cooldowns by hand; running proxies follow within a second. */
export async function clearKeys(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const all = call.options.has('all')
	if (words.length !== (all ? 0 : 1)) {
		throw usageError('clear takes one key, or --all: key <upstream> clear <id|number|mask|key>')
	}
	const { repository, keyRing, read } = await call.openSession()
	const upstream = findUpstream(await read(), upstreamWord)
	const keys = all ? upstream.keys : [findKey(upstream, words[0] ?? '', keyRing)]
	const scope = call.options.text('model')
	const done: Cleared[] = []
	for (const key of keys) {
		const options = { author: 'cli' as const, ...(scope !== undefined && { scope }) }
		const { cleared } = await repository.clearCooldown(key.id, options)
		done.push({ key, scopes: cleared })
	}
	return report(call, upstream, done)
}

function report(call: CommandCall, { id, name }: ConfigUpstream, done: readonly Cleared[]): CommandResult {
	const cleared = done.filter(({ scopes }) => scopes.length > 0)
	const [only] = done
	const { say } = call.texts
	const nothing =
		done.length === 1 && only !== undefined
			? `${only.key.mask} has nothing to clear`
			: `no key of ${name} has anything to clear`
	return {
		data: {
			upstream: { id, name },
			keys: done.map(({ key, scopes }) => ({ id: key.id, mask: key.mask, cleared: scopes })),
		},
		lines:
			cleared.length === 0
				? [say(nothing)]
				: cleared.map(({ key, scopes }) => call.style.good(say(describeCleared(key.mask, scopes)))),
	}
}

/** The key as a whole, some of its models, or both. */
function describeCleared(mask: string, scopes: readonly string[]): string {
	const models = scopes
		.filter(scope => scope !== '')
		.map(toOneLine)
		.join(', ')
	if (models === '') return `cleared ${mask}`
	return scopes.includes('') ? `cleared ${mask} (also for ${models})` : `cleared ${mask} for ${models}`
}
