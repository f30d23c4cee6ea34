import type { AddedKeys, Config, ConfigUpstream } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { guardKeyHosts } from '../key-guard.ts'
import { readKeys } from '../key-input.ts'
import { suggestNext } from '../next-step.ts'
import { describeElsewhere, noteShellHistory } from '../notes.ts'
import { usageError } from '../refuse.ts'

/** All keys or, when one of them is no key, none. Those that are there already are named and left alone. */
export async function addKeys(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const keys = await readKeys(words, call.options, call.io)
	if (keys.length === 0)
		throw usageError('no key given', 'key <upstream> add <key>, or --key-stdin, --key-env, --key-file')
	const { repository, read } = await call.openSession()
	const upstream = findUpstream(await read(), upstreamWord)
	await guardKeyHosts(call, keys, upstream.baseUrl)
	const changed = await repository.addKeys(upstream.id, keys, { author: 'cli' })
	if (words.length > 0) noteShellHistory(call)
	if (changed.added.length === 0) throw nothingAdded(upstream.name, changed)
	const config = await read()
	const now = config.upstreams.find(({ id }) => id === upstream.id) ?? upstream
	const { revision, added, duplicates, elsewhere } = changed
	return {
		data: {
			revision,
			upstream: { id: now.id, name: now.name, keyCount: now.keys.length },
			added,
			duplicates,
			elsewhere,
		},
		lines: describe(call, now, config, changed),
	}
}

function describe(call: CommandCall, upstream: ConfigUpstream, config: Config, keys: AddedKeys): string[] {
	const { good, faint } = call.style
	const { say } = call.texts
	const count = upstream.keys.length
	return [
		...keys.added.map(({ mask }) => good(say(`added ${mask}`))),
		...keys.duplicates.map(({ mask }) => faint(say(`${mask} is there already`))),
		...describeElsewhere(call, keys),
		say(count === 1 ? `${upstream.name} has 1 key` : `${upstream.name} has ${count} keys`),
		...suggestNext(call, upstream, config),
	]
}

function nothingAdded(name: string, { duplicates }: AddedKeys): CliError {
	const lines = duplicates.map(({ mask }) => `${mask} is there already`)
	return new CliError(exitCodes.conflict, 'exists', `no key was added to ${name}\n${lines.join('\n')}`)
}
