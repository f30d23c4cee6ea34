import { type Strategy, strategies } from '../../core/config/upstream.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

const meanings: Record<Strategy, string> = {
	failover: 'the first key that is ready',
	'round-robin': 'each key in turn',
	random: 'any key that is ready',
}

export const balance: Command = {
	usage: [`balance ${strategies.join('|')}`],
	options: {},
	examples: ['balance round-robin'],
	details: [
		...strategies.map(strategy => `${strategy.padEnd(12)} ${meanings[strategy]}`),
		'Always among the keys of the current upstream, never across upstreams.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	const choices = `one of: ${strategies.join(', ')}`
	if (word === undefined || rest.length > 0) throw usageError('balance takes one strategy', choices)
	const strategy = strategies.find(name => name === word.toLowerCase())
	if (strategy === undefined) {
		const nearest = findNearest(word.slice(0, 40), strategies)
		throw usageError(
			'there is no such strategy',
			nearest === undefined ? choices : `did you mean ${nearest}? ${choices}`,
		)
	}
	const { repository } = await call.openSession()
	const { revision } = await repository.setStrategy(strategy, { author: 'cli' })
	return {
		data: { revision, strategy },
		lines: [
			call.style.good(call.texts.status.strategy(strategy)),
			call.texts.say(`among the keys of the current upstream: ${meanings[strategy]}`),
		],
	}
}
