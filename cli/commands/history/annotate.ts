import type { Revision } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { usageError } from '../../refuse.ts'
import { toOneLine } from '../../ui/clean-text.ts'
import { readRevisionNumber, refuseMore } from './words.ts'

export function pinRevision(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	return setPinned(call, words, true)
}

export function unpinRevision(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	return setPinned(call, words, false)
}

async function setPinned(
	call: CommandCall,
	words: readonly string[],
	pinned: boolean,
): Promise<CommandResult> {
	const [word, ...rest] = words
	const usage = `history ${pinned ? 'pin' : 'unpin'} <revision>`
	const number = readRevisionNumber(word, usage)
	refuseMore(rest, usage)
	const { repository } = await call.openSession()
	const revision = await repository.pinRevision(number, pinned)
	const { say } = call.texts
	return report(call, revision, say(pinned ? `pinned revision ${number}` : `unpinned revision ${number}`), [
		say(
			pinned
				? 'it is kept however many changes follow'
				: 'it goes with the next change when it is older than the newest 50',
		),
	])
}

export async function changeMessage(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	const [word, ...texts] = words
	const usage = 'history message <revision> <text>'
	const number = readRevisionNumber(word, usage)
	const message = texts.join(' ')
	if (message.trim() === '') throw usageError(`a text is needed: ${usage}`)
	const { repository } = await call.openSession()
	const revision = await repository.annotateRevision(number, { message })
	return report(call, revision, call.texts.say(`changed the message of revision ${number}`))
}

function report(call: CommandCall, revision: Revision, done: string, more: string[] = []): CommandResult {
	return {
		data: { revision },
		lines: [call.style.good(done), call.texts.say(toOneLine(revision.message)), ...more],
	}
}
