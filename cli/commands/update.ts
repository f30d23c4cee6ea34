import { describeCall } from '../../core/views/upstream-view.ts'
import { createConfigStore } from '../../db/index.ts'
import { changeUpstream } from '../change-upstream.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { findUpstream } from '../find-upstream.ts'
import { forceOption, guardKeyHosts } from '../key-guard.ts'
import { noteUnverifiedTls } from '../notes.ts'
import { listHint, usageError } from '../refuse.ts'
import { changesMaps, readFields, specifyFields } from '../upstream-fields.ts'
import { viewUpstream } from '../view-upstream.ts'

const fieldOptions = specifyFields()

export const update: Command = {
	usage: ['update <upstream> --<option> <value> …'],
	options: { ...fieldOptions, ...forceOption },
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
		throw usageError('update takes one upstream: update <upstream> --<option> <value>', listHint)
	if (!Object.keys(fieldOptions).some(name => call.options.has(name))) {
		throw usageError(
			'nothing to change: no option was given',
			`options: ${Object.keys(fieldOptions)
				.map(name => `--${name}`)
				.join(' ')}`,
		)
	}
	readFields(call.options)
	const session = await call.openSession()
	await guardStoredKeys(call, session, word)
	const { id, before, revision } = await changeUpstream(session, word, {
		merges: changesMaps(call.options),
		toPatch: upstream => readFields(call.options, upstream),
	})
	const config = await session.read()
	const upstream = findUpstream(config, id)
	const url = describeCall(upstream)
	if (upstream.insecureSkipVerify && call.options.has('insecureSkipVerify')) {
		noteUnverifiedTls(call, upstream.name)
	}
	const changed = revision !== before
	const { say } = call.texts
	return {
		data: { revision, changed, upstream: viewUpstream(upstream, config) },
		lines: [
			changed
				? call.style.good(say(`changed ${upstream.name}`))
				: say(`${upstream.name} is like that already`),
			...(url === undefined ? [] : [say(`requests go to POST ${url}`)]),
		],
	}
}

/** Another host would get the keys that are stored: those that belong elsewhere only with a yes. */
async function guardStoredKeys(call: CommandCall, session: ConfigSession, word: string): Promise<void> {
	const url = call.options.text('url')
	if (url === undefined) return
	const { id, baseUrl } = findUpstream(await session.read(), word)
	if (URL.parse(url.trim())?.host === URL.parse(baseUrl)?.host) return
	const { database, keyRing } = session
	const { upstreams } = await createConfigStore({ database, keyRing }).current()
	const stored = upstreams.find(upstream => upstream.id === id)?.keys ?? []
	const secrets = stored.flatMap(({ secret }) => secret ?? [])
	await guardKeyHosts(call, secrets, url)
}
