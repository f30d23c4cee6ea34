import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findUpstream } from '../find-upstream.ts'
import { viewLearned } from '../learned.ts'
import { findNearest } from '../nearest.ts'
import { quoteWord } from '../redact.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'

export const forget: Command = {
	usage: ['forget <upstream> [model]'],
	options: {},
	examples: ['forget openai-main', 'forget openai-main gpt-5.1'],
	details: [
		'What was learned is shown by `show <upstream> --verbose`. It is learned again when it is met again.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, model, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('forget takes an upstream and perhaps a model: forget <upstream> [model]')
	const { repository, read } = await call.openSession()
	const { id, name } = findUpstream(await read(), word)
	const learned = viewLearned(await repository.listFacts(id), id)
	const models = [...new Set(learned.map(fact => fact.model))]
	if (model !== undefined && !models.includes(model)) throw describeMiss(name, model, models)
	const forgotten = await repository.forgetFacts(id, model)
	const { say } = call.texts
	const what = forgotten === 1 ? '1 thing' : `${forgotten} things`
	return {
		data: { upstream: { id, name }, model: model ?? null, forgotten },
		lines: [
			forgotten === 0
				? say(`nothing was learned of ${name}`)
				: call.style.good(say(`forgot ${what} about ${model ?? 'the models'} of ${name}`)),
		],
	}
}

function describeMiss(name: string, model: string, models: readonly string[]): Error {
	const nearest = findNearest(model, models)
	const hint =
		nearest === undefined ? `learned of: ${models.slice(0, 8).join(', ')}` : `did you mean ${nearest}?`
	return notFoundError(
		`nothing was learned of the model ${quoteWord(model)} of ${name}`,
		models.length === 0 ? `${programMark} show ${name} --verbose shows what was learned` : hint,
	)
}
