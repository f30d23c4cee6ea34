import type { CommandCall, CommandResult } from '../command.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { usageError } from '../refuse.ts'

/** Undoes a key's latest demotion. */
export async function promoteKey(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const [word] = words
	if (word === undefined || words.length > 1) {
		throw usageError('promote takes one key: key <upstream> promote <id|number|mask|key>')
	}
	const session = await call.openSession()
	const upstream = findUpstream(await session.read(), upstreamWord)
	const { id, name } = upstream
	const key = findKey(upstream, word, session.keyRing)
	const { moved } = await session.repository.undoDemotion(key.id, { author: 'cli' })
	const { keys } = findUpstream(await session.read(), id)
	const index = keys.findIndex(candidate => candidate.id === key.id)
	const { say } = call.texts
	const place = `it is number ${index} of the keys of ${name}`
	return {
		data: { upstream: { id, name }, key: { id: key.id, mask: key.mask }, index, moved },
		lines: moved
			? [call.style.good(say(`put back ${key.mask}: ${place}`))]
			: [say(`${key.mask} stands where it stood before its demotion, or further in front: ${place}`)],
	}
}
