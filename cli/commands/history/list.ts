import type { Revision, RevisionPage } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { commandLine } from '../../next-step.ts'
import { usageError } from '../../refuse.ts'
import { toOneLine } from '../../ui/clean-text.ts'
import { formatWhen } from '../../ui/format-time.ts'
import { type Cell, formatTable, tableHead } from '../../ui/table.ts'
import { readRevisionNumber, refuseMore } from './words.ts'

export async function listHistory(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	refuseMore(words, 'history [list]')
	const given = call.options.text('limit') ?? '20'
	if (!/^[1-9]\d{0,2}$/.test(given)) throw usageError('--limit must be a whole number from 1 to 999')
	const before = call.options.text('before')
	const { repository } = await call.openSession()
	const page = await repository.listRevisions({
		limit: Number(given),
		...(before === undefined ? {} : { before: readRevisionNumber(before, '--before <revision>') }),
	})
	return { data: page, lines: describePage(call, page) }
}

function describePage(call: CommandCall, page: RevisionPage): string[] {
	const { revisions, total, kept } = page
	const { say } = call.texts
	if (total === 0) return [say('nothing has been changed yet')]
	const oldest = revisions.at(-1)?.revision
	if (oldest === undefined) return [say(`no older change is kept: ${describeKept(kept, total)}`)]
	const marks = revisions.some(({ pinned }) => pinned)
	const head = tableHead(call, ['#', 'WHEN', 'BY', ...(marks ? ['PIN'] : []), 'WHAT'])
	const lines = formatTable(
		[head, ...revisions.map(revision => toRow(call, revision, marks))],
		call.io.columns,
	)
	const older = commandLine(call, 'history', '--before', String(oldest))
	return oldest > 1 ? [...lines, '', say(`${describeKept(kept, total)}; older ones: ${older}`)] : lines
}

function toRow({ style, io, texts }: CommandCall, revision: Revision, marks: boolean): Cell[] {
	return [
		{ text: String(revision.revision) },
		{ text: formatWhen(revision.at, io.columns), paint: style.faint },
		{ text: revision.author },
		...(marks ? [{ text: revision.pinned ? texts.label('pinned') : '', paint: style.caution }] : []),
		{ text: texts.say(toOneLine(revision.message)) },
	]
}

function describeKept(kept: number, total: number): string {
	return kept === total ? `all ${total} changes are kept` : `${kept} of ${total} changes are kept`
}
