import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findUpstream } from '../find-upstream.ts'
import { moveInList, moveOptions } from '../move-in-list.ts'
import { listHint, usageError } from '../refuse.ts'

export const move: Command = {
	usage: ['move <upstream> --top|--bottom|--up|--down|--to <number>'],
	options: moveOptions,
	examples: ['move kimi --top', 'move 3 --to 1'],
	details: ['The order in which upstreams are listed. Which one answers is another matter: `use`.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('move takes one upstream: move <upstream> --top', listHint)
	const { repository, read } = await call.openSession()
	const config = await read()
	const upstream = findUpstream(config, word)
	const before = config.upstreams.map(({ id }) => id)
	const ids = moveInList(before, upstream.id, call)
	const { revision } = await repository.orderUpstreams(ids, { author: 'cli' })
	const place = ids.indexOf(upstream.id)
	const { id, name } = upstream
	const { say } = call.texts
	const moved = place !== before.indexOf(id)
	return {
		data: { revision, upstream: { id, name }, place },
		lines: [
			moved ? call.style.good(say(`moved ${name} to place ${place}`)) : say(`${name} is there already`),
		],
	}
}
