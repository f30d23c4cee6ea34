import type { Revision } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { redactUrl } from '../redact.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable } from '../ui/table.ts'

export const history: Command = {
	usage: ['history [--limit <number>]'],
	options: { limit: { value: 'number', description: 'newest changes to show; 20 unless told' } },
	examples: ['history', 'history --limit 5 --json'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	if (call.words.length > 1 || (call.words.length === 1 && call.words[0] !== 'list')) {
		throw usageError('history takes nothing after it')
	}
	const given = call.options.text('limit') ?? '20'
	if (!/^[1-9]\d{0,2}$/.test(given)) throw usageError('--limit must be a whole number from 1 to 999')
	const { repository } = await call.openSession()
	const revisions = (await repository.listRevisions({ limit: Number(given) })).map(withoutUrlSecrets)
	if (revisions.length === 0) return { data: { revisions }, lines: ['nothing has been changed yet'] }
	const { faint } = call.style
	const head = ['#', 'WHEN', 'BY', 'WHAT'].map(text => ({ text, paint: faint }))
	const rows = revisions.map(({ revision, at, author, message }) => [
		{ text: String(revision) },
		{ text: formatTime(at), paint: faint },
		{ text: author },
		{ text: toOneLine(message) },
	])
	return { data: { revisions }, lines: formatTable([head, ...rows], call.io.columns) }
}

/** A key that was pasted along with a URL is in the list of changes. */
function withoutUrlSecrets(revision: Revision): Revision {
	return JSON.parse(JSON.stringify(revision), (_, value) =>
		typeof value === 'string' ? redactUrl(value) : value,
	)
}

/** In the reader's time zone: `2026-01-31 09:05:07` */
function formatTime(at: number): string {
	return new Date(at).toLocaleString('sv-SE')
}
