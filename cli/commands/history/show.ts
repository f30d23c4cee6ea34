import type { RevisionConfig, RevisionUpstream } from '../../../db/index.ts'
import type { CommandCall, CommandResult } from '../../command.ts'
import { describeChanges } from '../../describe-change.ts'
import { commandLine } from '../../next-step.ts'
import { toOneLine } from '../../ui/clean-text.ts'
import { formatTime } from '../../ui/format-time.ts'
import { type Cell, formatTable } from '../../ui/table.ts'
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
	const pinned = revision.pinned ? ', pinned' : ''
	const changes = describeChanges(revision.changes, style)
	return {
		data,
		lines: [
			style.strong(`revision ${number}${pinned}`),
			`${formatTime(revision.at)} by ${revision.author}: ${toOneLine(revision.message)}`,
			...(changes.length === 0 ? [] : ['', 'what it changed', ...changes.map(line => `  ${line}`)]),
			'',
			'the configuration then',
			...describeConfig(call, config),
			'',
			`since then: ${commandLine(call, 'history', 'diff', String(number))}`,
		],
	}
}

function describeConfig(call: CommandCall, config: RevisionConfig): string[] {
	const settings = Object.entries(config.settings).map(([name, value]) => {
		return `  ${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`
	})
	if (config.upstreams.length === 0) return ['  no upstreams', ...settings]
	const head = ['', 'NAME', 'TYPE', 'KEYS', 'URL'].map(text => ({ text, paint: call.style.faint }))
	const rows = config.upstreams.flatMap(upstream => toRows(call, upstream, config))
	return [...formatTable([head, ...rows], call.io.columns, fits), ...settings]
}

function toRows({ style }: CommandCall, upstream: RevisionUpstream, config: RevisionConfig): Cell[][] {
	const { id, name, type, baseUrl, keys } = upstream
	const title = `${toOneLine(name)}${id === config.currentUpstreamId ? ' (current)' : ''}${upstream.enabled ? '' : ' (off)'}`
	const purged = config.purged.filter(({ upstreamId }) => upstreamId === id)
	const shown = [
		...keys.map(key => ({ ...key, note: key.enabled ? '' : ' paused' })),
		...purged.map(key => ({ ...key, note: ' purged' })),
	]
	return [
		[{ text: '' }, { text: title }, { text: type }, { text: String(keys.length) }, { text: baseUrl }],
		...shown.map(({ mask, note, id: keyId }): Cell[] => [
			...[{ text: '' }, { text: `  ${mask}${note}`, paint: style.faint }, { text: '' }, { text: '' }],
			{ text: keyId, paint: style.faint },
		]),
	]
}
