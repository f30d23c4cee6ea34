import { judgeKey, type KeyStateName } from '../../core/views/states.ts'
import type { Config, ConfigUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { describeUpstream, formatState, paintState } from '../describe-state.ts'
import { describeLack, emptyLines } from '../next-step.ts'
import { redactUrl } from '../redact.ts'
import { usageError } from '../refuse.ts'
import { type Cell, formatTable, tableHead } from '../ui/table.ts'
import { viewUpstream } from '../view-upstream.ts'

export const list: Command = {
	usage: ['list'],
	options: {},
	examples: ['list', 'list --json'],
	async run(call) {
		if (call.words.length > 0)
			throw usageError('list takes nothing after it', 'show <upstream> shows one upstream')
		const config = await (await call.openSession()).read()
		return { data: toData(config), lines: toLines(call, config) }
	},
}

function toData(config: Config): CommandResult['data'] {
	const { revision, strategy, currentUpstreamId } = config
	const upstreams = config.upstreams.map(upstream => viewUpstream(upstream, config))
	return { revision, strategy, currentUpstreamId: currentUpstreamId ?? null, upstreams }
}

/** `#` and `NAME` stay, since they are what other commands take. */
const fits = [undefined, { least: 16 }, { leaves: 2 }, undefined, undefined, { least: 16, leaves: 1 }]

function toLines(call: CommandCall, config: Config): string[] {
	if (config.upstreams.length === 0) return emptyLines(call)
	const head = tableHead(call, ['#', 'NAME', 'TYPE', 'KEYS', 'STATE', 'URL'])
	const rows = config.upstreams.map((upstream, index) => toRow(call, upstream, index, config))
	const table = formatTable([head, ...rows], call.io.columns, fits)
	return [...table, '', call.texts.status.strategy(config.strategy), ...describeLack(call, config)]
}

function toRow(
	{ style, texts }: CommandCall,
	upstream: ConfigUpstream,
	index: number,
	config: Config,
): Cell[] {
	const current = upstream.id === config.currentUpstreamId
	const state = describeUpstream(upstream, config)
	return [
		{ text: String(index) },
		{
			text: upstream.name,
			...(current && { tail: texts.currentMark, paint: style.strong }),
		},
		{ text: upstream.type },
		{ text: countKeys(upstream, config.now, texts) },
		{ text: formatState(state, texts), paint: paintState(style, state) },
		{ text: redactUrl(upstream.baseUrl) },
	]
}

/** `3`, `3 (1 cooling)` */
function countKeys({ keys }: ConfigUpstream, now: number, texts: CommandCall['texts']): string {
	const counts = new Map<KeyStateName, number>()
	for (const key of keys) {
		const { state } = judgeKey(key, now)
		if (state !== 'ready') counts.set(state, (counts.get(state) ?? 0) + 1)
	}
	const rest = texts.list([...counts].map(([state, count]) => `${count} ${texts.states[state]}`))
	return rest === '' ? String(keys.length) : `${keys.length}${texts.state.why(rest)}`
}
