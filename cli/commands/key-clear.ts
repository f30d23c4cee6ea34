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
	const nothing = done.length === 1 && only !== undefined ? only.key.mask : `no key of ${name}`
	return {
		data: {
			upstream: { id, name },
			keys: done.map(({ key, scopes }) => ({ id: key.id, mask: key.mask, cleared: scopes })),
		},
		lines:
			cleared.length === 0
				? [done.length === 1 ? `${nothing} has nothing to clear` : `${nothing} has anything to clear`]
				: cleared.map(
						({ key, scopes }) => `${call.style.good('cleared')} ${key.mask}${describeScopes(scopes)}`,
					),
	}
}

/** Nothing for the key as a whole. */
function describeScopes(scopes: readonly string[]): string {
	const models = scopes.filter(scope => scope !== '').map(toOneLine)
	if (models.length === 0) return ''
	return scopes.includes('') ? ` (also for ${models.join(', ')})` : ` for ${models.join(', ')}`
}
