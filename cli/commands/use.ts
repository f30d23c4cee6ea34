import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findUpstream } from '../find-upstream.ts'
import { suggestNext } from '../next-step.ts'
import { listHint, usageError } from '../refuse.ts'
import { viewUpstream } from '../view-upstream.ts'

export const use: Command = {
	usage: ['use <upstream>'],
	options: {},
	examples: ['use openai-main', 'use 0'],
	details: ['A running proxy follows within a second.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('use takes one upstream: use <upstream>', listHint)
	const { repository, read } = await call.openSession()
	const { id } = findUpstream(await read(), word)
	const { revision } = await repository.setCurrentUpstream(id, { author: 'cli' })
	const config = await read()
	const upstream = findUpstream(config, id)
	return {
		data: { revision, upstream: viewUpstream(upstream, config) },
		lines: [
			call.style.good(call.texts.say(`${upstream.name} is the current upstream`)),
			...suggestNext(call, upstream, config),
		],
	}
}
