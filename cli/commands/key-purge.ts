import type { CommandCall, CommandResult } from '../command.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { usageError } from '../refuse.ts'
import { purge } from './history/purge.ts'

/** A leaked key: taken out of the configuration and of every revision. */
export async function purgeKey(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const [word] = words
	if (word === undefined || words.length > 1) {
		throw usageError('purge takes one key: key <upstream> purge <id|number|mask|key>')
	}
	const session = await call.openSession()
	const upstream = findUpstream(await session.read(), upstreamWord)
	const key = findKey(upstream, word, session.keyRing)
	return purge(call, key.id, `${key.mask} of ${upstream.name}`)
}
