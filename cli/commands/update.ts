import { isDatabaseError } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { findUpstream } from '../find-upstream.ts'
import { noteUnverifiedTls } from '../notes.ts'
import { usageError } from '../refuse.ts'
import { changesMaps, readFields, specifyFields } from '../upstream-fields.ts'
import { describeCall, viewUpstream } from '../view-upstream.ts'

const options = specifyFields()

export const update: Command = {
	usage: ['update <upstream> --<option> <value> …'],
	options,
	examples: [
		'update openai-main --url https://api.openai.com --description "main account"',
		'update my-server --insecureSkipVerify true',
		'update kimi --model-map opus=kimi-k2 --model-map haiku=kimi-k2-turbo',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('update takes one upstream: update <upstream> --<option> <value>')
	if (!Object.keys(options).some(name => call.options.has(name))) {
		throw usageError(
			'nothing to change: no option was given',
			`options: ${Object.keys(options)
				.map(name => `--${name}`)
				.join(' ')}`,
		)
	}
	readFields(call.options)
	const session = await call.openSession()
	const { id, before, revision } = await change(call, session, word)
	const config = await session.read()
	const upstream = findUpstream(config, id)
	const url = describeCall(upstream)
	if (upstream.insecureSkipVerify && call.options.has('insecureSkipVerify')) {
		noteUnverifiedTls(call, upstream.name)
	}
	const changed = revision !== before
	return {
		data: { revision, changed, upstream: viewUpstream(upstream, config) },
		lines: [
			changed ? call.style.good(`changed ${upstream.name}`) : `${upstream.name} is like that already`,
			...(url === undefined ? [] : [`requests go to POST ${url}`]),
		],
	}
}

const conflictTries = 20

/** What a map becomes depends on what it is: then the change holds for the state that was read, or is worked out anew. */
async function change(call: CommandCall, { repository, read }: ConfigSession, word: string) {
	const merges = changesMaps(call.options)
	for (let tries = 1; ; tries++) {
		const config = await read()
		const upstream = findUpstream(config, word)
		const patch = readFields(call.options, upstream)
		const meta = { author: 'cli' as const, ...(merges ? { expectedRevision: config.revision } : {}) }
		try {
			const { revision } = await repository.updateUpstream(upstream.id, patch, meta)
			return { id: upstream.id, before: config.revision, revision }
		} catch (error) {
			if (!merges || tries >= conflictTries || !isDatabaseError(error, 'conflict')) throw error
		}
	}
}
