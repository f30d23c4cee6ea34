import type { CommandCall, CommandResult } from '../../command.ts'
import { countChanges, describeChanges } from '../../describe-change.ts'
import { readRevisionNumber, refuseMore } from './words.ts'

const usage = 'history diff <revision> [<revision>|current]'

export async function diffRevisions(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	const [first, second = 'current', ...rest] = words
	const from = readRevisionNumber(first, usage)
	const to = second === 'current' ? second : readRevisionNumber(second, usage)
	refuseMore(rest, usage)
	const { repository } = await call.openSession()
	const data = await repository.diffRevisions(from, to)
	const { say } = call.texts
	const until = to === 'current' ? call.texts.label('now') : say(`revision ${to}`)
	const lines = describeChanges(data.changes, call)
	if (lines.length === 0) return { data, lines: [say(`revision ${from} and ${until} are alike`)] }
	return {
		data,
		lines: [say(`from revision ${from} to ${until}: ${countChanges(data.changes, call.texts)}`), ...lines],
	}
}
