import type { ConfigKey } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { describeKey, formatState, paintState } from '../describe-state.ts'
import { findUpstream } from '../find-upstream.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import { viewKey } from '../view-upstream.ts'

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
		return { data, lines: [`${name} has no keys: ${commandLine(call, 'key', name, 'add', '<key>')}`] }
	}
	const head = ['#', 'KEY', 'ID', 'STATE'].map(text => ({ text, paint: call.style.faint }))
	const rows = keys.map((key, index) => toRow(call, key, index, config.now))
	return { data, lines: formatTable([head, ...rows], call.io.columns) }
}

function toRow(call: CommandCall, key: ConfigKey, index: number, now: number): Cell[] {
	const state = describeKey(key, now)
	return [
		{ text: String(index) },
		{ text: key.mask },
		{ text: key.id, paint: call.style.faint },
		{ text: formatState(state), paint: paintState(call.style, state) },
	]
}
