import type { KeyEvent } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { describeReason, formatWait, sayReason } from '../describe-state.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatWhen } from '../ui/format-time.ts'
import { formatTable, tableHead } from '../ui/table.ts'
import { viewKey } from '../view-upstream.ts'

const fits = [undefined, { least: 24 }, { least: 18, wraps: true as const }]

/** What happened to a key, newest first. */
export async function showHistory(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	const [word] = words
	if (word === undefined || words.length > 1) {
		throw usageError('history takes one key: key <upstream> history <id|number|mask|key>')
	}
	const limit = call.options.text('limit') ?? '20'
	if (!/^[1-9]\d{0,2}$/.test(limit)) throw usageError('--limit must be a whole number from 1 to 999')
	const { repository, keyRing, read } = await call.openSession()
	const config = await read()
	const upstream = findUpstream(config, upstreamWord)
	const { id, name, keys } = upstream
	const key = findKey(upstream, word, keyRing)
	const events = await repository.listKeyEvents(key.id, { limit: Number(limit) })
	const data = { upstream: { id, name }, key: viewKey(key, keys.indexOf(key), config.now), events }
	if (events.length === 0) return { data, lines: [call.texts.say(`nothing has happened to ${key.mask} yet`)] }
	const { columns } = call.io
	const { faint } = call.style
	const head = tableHead(call, ['WHEN', 'WHAT', 'WHY'])
	const rows = events.map((event, index) => [
		{ text: formatWhen(event.at, columns), paint: faint },
		{
			text: describeEvent(
				event,
				isOver(event, events.slice(0, index)) ? Number.POSITIVE_INFINITY : config.now,
				call.texts,
			),
		},
		{ text: sayReason(describeCause(event), call.texts) },
	])
	return { data, lines: formatTable([head, ...rows], columns, fits) }
}

/** Whether something ended the cooldown before its time. */
function isOver({ scope }: KeyEvent, later: readonly KeyEvent[]): boolean {
	return later.some(
		event => ['cleared', 'recovered'].includes(event.kind) && ['', scope].includes(event.scope),
	)
}

function describeEvent(event: KeyEvent, now: number, { event: words }: CommandCall['texts']): string {
	const { kind, scope, count, author } = event
	const shown = { count, author, model: toOneLine(scope) }
	return kind === 'failed' ? words.failed({ ...shown, ...readCooldown(event, now) }) : words[kind](shown)
}

function readCooldown({ at, cooldownUntil }: KeyEvent, now: number) {
	const isOver = cooldownUntil <= now
	return { isOver, cooldown: formatWait(Math.max(0, cooldownUntil - (isOver ? at : now))) }
}

function describeCause(event: KeyEvent): string {
	if (event.class === '') return ''
	return describeReason({ lastClass: event.class, lastError: event.message, lastStatus: event.status })
}
