import { type Settings, settingsPatchSchema } from '../../core/config/settings.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { describeIssue } from '../describe-issue.ts'
import { findNearest } from '../nearest.ts'
import { quoteWord } from '../redact.ts'
import { notFoundError, usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable } from '../ui/table.ts'

export const settings: Command = {
	usage: ['settings [list]', 'settings set <setting> <value>'],
	options: {},
	examples: ['settings', 'settings set recording.mode all', 'settings set retention.requestDays 7'],
	details: ['What holds for all upstreams. Lists are given as JSON, as `settings --json` prints them.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [action = 'list', ...words] = call.words
	if (action === 'list' && words.length === 0) return list(call)
	if (action === 'set') return change(call, words)
	throw usageError('settings takes: list, set <setting> <value>')
}

async function list(call: CommandCall): Promise<CommandResult> {
	const { repository } = await call.openSession()
	const stored = await repository.listSettings()
	const rows = flatten(stored.settings).map(([name, value]) => [
		{ text: name, paint: call.style.command },
		{ text: toOneLine(typeof value === 'string' ? value : JSON.stringify(value)) },
	])
	return { data: stored, lines: formatTable(rows, call.io.columns) }
}

async function change(call: CommandCall, [name, text, ...rest]: readonly string[]): Promise<CommandResult> {
	if (name === undefined || text === undefined || rest.length > 0) {
		throw usageError('settings set takes a setting and a value: settings set recording.mode all')
	}
	const { repository } = await call.openSession()
	const { settings: before } = await repository.listSettings()
	const known = findName(
		name,
		flatten(before).map(([path]) => path),
	)
	const parsed = settingsPatchSchema.safeParse(makePatch(before, known, readValue(text)))
	if (!parsed.success) {
		const reasons = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${describeIssue(issue)}`)
		throw usageError([...new Set(reasons)].join('\n'))
	}
	const { revision } = await repository.changeSettings(parsed.data, { author: 'cli' })
	const now = await repository.listSettings()
	const value = Object.fromEntries(flatten(now.settings))[known]
	return {
		data: { revision, setting: known, value },
		lines: [call.style.good(call.texts.say(`set ${known} ${toOneLine(JSON.stringify(value))}`))],
	}
}

/** `recording.mode`; a list is one setting. */
function flatten(value: Settings): [name: string, value: unknown][] {
	return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
		isGroup(inner) ? Object.entries(inner).map(([field, one]) => [`${name}.${field}`, one]) : [[name, inner]],
	)
}

function isGroup(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function findName(word: string, names: readonly string[]): string {
	const same = names.find(name => name.toLowerCase() === word.trim().toLowerCase())
	if (same !== undefined) return same
	const nearest = findNearest(word.slice(0, 40), names)
	const hint = nearest === undefined ? `there are: ${names.join(', ')}` : `did you mean ${nearest}?`
	throw notFoundError(`there is no setting ${quoteWord(word)}`, hint)
}

function readValue(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return text
	}
}

function makePatch(before: Settings, name: string, value: unknown): Record<string, unknown> {
	const [group = '', field] = name.split('.')
	if (field === undefined) return { [group]: value }
	const known = Object.entries(before).find(([other]) => other === group)?.[1]
	return { [group]: { ...(isGroup(known) ? known : {}), [field]: value } }
}
