import type { Command, CommandCall, CommandResult } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { describeLack, emptyLines } from '../next-step.ts'
import { listHint, usageError } from '../refuse.ts'

export const remove: Command = {
	usage: ['remove <upstream> [--yes]'],
	options: { yes: { short: 'y', description: 'do not ask' } },
	examples: ['remove openai-main', 'remove openai-main --yes'],
	details: ['The name must be written out. Asks only in a terminal; its keys are removed with it.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('remove takes one upstream: remove <upstream>', listHint)
	const { repository, read } = await call.openSession()
	const { id, name, keys } = findUpstream(await read(), word, { exact: true })
	const count = keys.length === 1 ? '1 key' : `${keys.length} keys`
	const question =
		keys.length === 0 ? `Remove ${name}, which has no keys?` : `Remove ${name} and its ${count}?`
	const asks = call.io.interactive && !['yes', 'json', 'no-input'].some(option => call.options.has(option))
	if (asks && !(await call.io.confirm(question))) {
		throw new CliError(exitCodes.cancelled, 'cancelled', `cancelled: ${name} is still there`)
	}
	const { revision } = await repository.removeUpstream(id, { author: 'cli' })
	const config = await read()
	const lack = config.upstreams.length === 0 ? emptyLines(call) : describeLack(call, config)
	return {
		data: { revision, removed: { id, name, keyCount: keys.length } },
		lines: [
			call.style.good(
				call.texts.say(keys.length === 0 ? `removed ${name}` : `removed ${name} and its ${count}`),
			),
			...lack,
		],
	}
}
