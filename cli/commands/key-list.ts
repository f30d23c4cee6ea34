import type { ConfigKey, KeyState } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import {
	describeKey,
	describeReason,
	formatState,
	formatWait,
	paintState,
	sayReason,
} from '../describe-state.ts'
import { findUpstream } from '../find-upstream.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { type Cell, formatTable, tableHead } from '../ui/table.ts'
import { viewKey } from '../view-upstream.ts'

const fits = [
	...[undefined, undefined, { leaves: 1 }, undefined, { leaves: 2 }],
	{ least: 28, wraps: true as const },
]

export async function listKeys(
	call: CommandCall,
	upstreamWord: string,
	words: readonly string[],
): Promise<CommandResult> {
	if (words.length > 0) throw usageError('list takes nothing after it: key <upstream> list')
	const config = await (await call.openSession()).read()
	const upstream = findUpstream(config, upstreamWord)
	const { id, name, keys } = upstream
	const data = { upstream: { id, name }, keys: keys.map((key, index) => viewKey(key, index, config.now)) }
	if (keys.length === 0) {
		return {
			data,
			lines: [call.texts.say(`${name} has no keys: ${commandLine(call, 'key', name, 'add', '<key>')}`)],
		}
	}
	const head = tableHead(call, ['#', 'KEY', 'ID', 'STATE', 'FAILED', 'WHY'])
	const rows = keys.flatMap((key, index) => toRows(call, key, index, config.now))
	return { data, lines: formatTable([head, ...rows], call.io.columns, fits) }
}

/** The key as a whole, and each model that it may not be asked for yet, or that it has to show for. */
function toRows({ style, texts }: CommandCall, key: ConfigKey, index: number, now: number): Cell[][] {
	const { state, readyInMs, onTrial } = describeKey(key, now)
	const shown = { state, ...(readyInMs !== undefined && { readyInMs }), ...(onTrial && { onTrial }) }
	const whole = key.state.find(({ scope }) => scope === '')
	const first = [
		{ text: String(index) },
		{ text: key.mask },
		{ text: key.id, paint: style.faint },
		{ text: formatState(shown, texts), paint: paintState(style, shown) },
		...describeFailures(whole, texts),
	]
	const models = key.state.filter(({ scope, streak }) => scope !== '' && streak > 0)
	return [first, ...models.map(model => toModelRow(model, now, { style, texts }))]
}

function toModelRow(
	model: KeyState,
	now: number,
	{ style, texts }: Pick<CommandCall, 'style' | 'texts'>,
): Cell[] {
	const left = model.cooldownUntil - now
	const state = left > 0 ? `${texts.states.cooling} ${formatWait(left)}` : texts.state.trialAlone
	const empty = { text: '' }
	return [
		...[
			empty,
			{ text: `  ${texts.state.forModel(toOneLine(model.scope))}` },
			empty,
			{ text: state, paint: style.caution },
		],
		...describeFailures(model, texts),
	]
}

/** How often in a row, and why the last time. */
function describeFailures(state: KeyState | undefined, texts: CommandCall['texts']): Cell[] {
	if (state === undefined || state.streak === 0) return [{ text: '' }, { text: '' }]
	return [{ text: `${state.streak}x` }, { text: sayReason(describeReason(state), texts) }]
}
