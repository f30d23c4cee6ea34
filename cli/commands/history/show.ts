import type { RevisionConfig, RevisionUpstream } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { describeChanges } from '../../describe-change.ts'
import { commandLine } from '../../next-step.ts'
import { toOneLine } from '../../ui/clean-text.ts'
import { formatTime } from '../../ui/format-time.ts'
import { type Cell, formatTable, tableHead } from '../../ui/table.ts'
import { readRevisionNumber, refuseMore } from './words.ts'

const usage = 'history show <revision>'
const fits = [undefined, { least: 18 }, { leaves: 1 }, undefined, { least: 16 }]

export async function showRevision(call: CommandCall, words: readonly string[]): Promise<CommandResult> {
	const [word, ...rest] = words
	const number = readRevisionNumber(word, usage)
	refuseMore(rest, usage)
	const { repository } = await call.openSession()
	const data = await repository.readRevision(number)
	const { revision, config } = data
	const { style } = call
	const { say } = call.texts
	const changes = describeChanges(revision.changes, call)
	return {
		data,
		lines: [
			style.strong(say(revision.pinned ? `revision ${number}, pinned` : `revision ${number}`)),
			say(`${formatTime(revision.at)} by ${revision.author}: ${say(toOneLine(revision.message))}`),
			...(changes.length === 0 ? [] : ['', say('what it changed'), ...changes.map(line => `  ${line}`)]),
			'',
			say('the configuration then'),
			...describeConfig(call, config),
			'',
			say(`since then: ${commandLine(call, 'history', 'diff', String(number))}`),
		],
	}
}

function describeConfig(call: CommandCall, config: RevisionConfig): string[] {
	const settings = Object.entries(config.settings).map(([name, value]) => {
		return `  ${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`
	})
	if (config.upstreams.length === 0) return [`  ${call.texts.say('no upstreams')}`, ...settings]
	const head = tableHead(call, ['', 'NAME', 'TYPE', 'KEYS', 'URL'])
	const rows = config.upstreams.flatMap(upstream => toRows(call, upstream, config))
	return [...formatTable([head, ...rows], call.io.columns, fits), ...settings]
}

function toRows({ style, texts }: CommandCall, upstream: RevisionUpstream, config: RevisionConfig): Cell[][] {
	const { id, name, type, baseUrl, keys } = upstream
	const title = `${toOneLine(name)}${id === config.currentUpstreamId ? texts.currentMark : ''}${upstream.enabled ? '' : texts.state.why(texts.label('off'))}`
	const purged = config.purged.filter(({ upstreamId }) => upstreamId === id)
	const shown = [
		...keys.map(key => ({ ...key, note: key.enabled ? '' : ` ${texts.states.paused}` })),
		...purged.map(key => ({ ...key, note: ` ${texts.label('purged')}` })),
	]
	return [
		[{ text: '' }, { text: title }, { text: type }, { text: String(keys.length) }, { text: baseUrl }],
		...shown.map(({ mask, note, id: keyId }): Cell[] => [
			...[{ text: '' }, { text: `  ${mask}${note}`, paint: style.faint }, { text: '' }, { text: '' }],
			{ text: keyId, paint: style.faint },
		]),
	]
}
