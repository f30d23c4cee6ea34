import type { CommandCall, CommandResult } from '../command.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { moveInList } from '../move-in-list.ts'
import { usageError } from '../refuse.ts'

/** Changes the order in which keys are tried. */
export async function moveKey(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const [word, ...rest] = words
	if (word === undefined || rest.length > 0)
		throw usageError('move takes one key: key <upstream> move <key> --top')
	const { repository, read, keyRing } = await call.openSession()
	const upstream = findUpstream(await read(), upstreamWord)
	const key = findKey(upstream, word, keyRing)
	const before = upstream.keys.map(({ id }) => id)
	const ids = moveInList(before, key.id, call)
	const { revision } = await repository.reorderKeys(upstream.id, ids, { author: 'cli' })
	const place = ids.indexOf(key.id)
	const { say } = call.texts
	const moved = place !== before.indexOf(key.id)
	return {
		data: {
			revision,
			upstream: { id: upstream.id, name: upstream.name },
			key: { id: key.id, mask: key.mask },
			place,
		},
		lines: [
			moved
				? call.style.good(say(`moved ${key.mask} to place ${place}`))
				: say(`${key.mask} is there already`),
		],
	}
}
