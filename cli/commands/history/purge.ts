import type { Purged } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { usageError } from '../../refuse.ts'
import { confirmOrRefuse } from './words.ts'

const usage = 'history purge <key id>'

/** Takes a key by its id, since no upstream may have it any more: `history show` tells the ids. */
export async function purgeKey(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	const [word, ...rest] = words
	if (word === undefined || rest.length > 0) throw usageError(`purge takes one key: ${usage}`)
	const { keyRing } = await call.openSession()
	// A key that was typed itself is looked for by its fingerprint, and not repeated anywhere.
	return purge(call, /^key_\w+$/.test(word) ? word : keyRing.fingerprints(word.trim()), 'the key')
}

/** Asks, purges, and tells where the key was. */
export async function purge(
	call: CommandCall,
	leaked: string | readonly string[],
	shown: string,
): Promise<CommandResult> {
	await confirmOrRefuse(call, {
		lines: [
			call.texts.say(
				'it is taken out of the configuration and of every revision, for good: it cannot be restored',
			),
		],
		question: `Purge ${shown}?`,
		unchanged: 'nothing was purged',
	})
	const { repository } = await call.openSession()
	const data = await repository.purgeKey(leaked, { author: 'cli' })
	return { data, lines: describe(call, data) }
}

function describe({ style, texts: { say } }: CommandCall, { places, erased, revision }: Purged): string[] {
	const [first] = places
	const head =
		first === undefined
			? [say('it was purged before: no revision holds it')]
			: [style.good(say(`purged ${first.mask} (revision ${revision})`))]
	const where = places.map(({ upstreamName, wasInUse, revisions }) => {
		const history = revisions === 1 ? '1 revision' : `${revisions} revisions`
		return say(`${upstreamName}: ${wasInUse ? 'taken out of use, and out of' : 'taken out of'} ${history}`)
	})
	const traces = erased
		? say('the database file was rewritten: no trace of it is left there')
		: style.caution(
				say('the database could not be rewritten: its file, logs and backups may still hold the sealed key'),
			)
	return [
		...head,
		...where,
		traces,
		say('next, revoke it where it was made: whoever has a copy can still use it'),
	]
}
