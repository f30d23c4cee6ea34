import type { Config, ConfigUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { describeKey, formatState, paintState } from '../describe-state.ts'
import { findUpstream } from '../find-upstream.ts'
import { describeLack, emptyLines } from '../next-step.ts'
import { hidden, redactUrl } from '../redact.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import type { Style } from '../ui/style.ts'
import { formatTable } from '../ui/table.ts'
import { describeCall, viewUpstream } from '../view-upstream.ts'

export const show: Command = {
	usage: ['show [upstream]'],
	options: {},
	examples: ['show', 'show openai-main'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (rest.length > 0)
		throw usageError('show takes at most one upstream', 'quote a name that has blanks in it')
	const config = await (await call.openSession()).read()
	if (word !== undefined) {
		const upstream = findUpstream(config, word)
		return { data: viewUpstream(upstream, config), lines: describe(call, upstream, config) }
	}
	const { revision, strategy, currentUpstreamId } = config
	const upstreams = config.upstreams.map(upstream => viewUpstream(upstream, config))
	const data = { revision, strategy, currentUpstreamId: currentUpstreamId ?? null, upstreams }
	return { data, lines: describeAll(call, config) }
}

function describeAll(call: CommandCall, config: Config): string[] {
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	const head = [`strategy  ${config.strategy}`, `current   ${current?.name ?? 'none'}`]
	if (config.upstreams.length === 0) return [...head, '', ...emptyLines(call)]
	const blocks = config.upstreams.flatMap(upstream => ['', ...describe(call, upstream, config)])
	const lack = describeLack(call, config)
	return [...head, ...blocks, ...(lack.length === 0 ? [] : ['', ...lack])]
}

function describe(call: CommandCall, upstream: ConfigUpstream, config: Config): string[] {
	const { style } = call
	const current = upstream.id === config.currentUpstreamId ? ' (current)' : ''
	const title = `${config.upstreams.indexOf(upstream)}  ${style.strong(upstream.name + current)}`
	const facts = listFacts(upstream, style)
	const rows = facts.map(([label, text, paint]) => [
		{ text: ' ' },
		{ text: label, paint: style.faint },
		{ text, ...(paint ? { paint } : {}) },
	])
	return [title, ...formatTable([...rows, ...listKeyRows(upstream, config.now, style)], call.io.columns)]
}

type Fact = [label: string, text: string, paint?: (text: string) => string]

/** What is left at its default is left out. */
function listFacts(upstream: ConfigUpstream, style: Style): Fact[] {
	const maps = Object.entries(upstream.modelMap).map(([from, to]) => toOneLine(`${from} -> ${to}`))
	const headers = Object.keys(upstream.extraHeaders).map(name => `${name}: ${hidden}`)
	const facts: (Fact | false)[] = [
		['type', upstream.type],
		['URL', redactUrl(upstream.baseUrl)],
		['calls', `POST ${describeCall(upstream) ?? '(this version does not know the type)'}`],
		upstream.website !== '' && ['website', redactUrl(upstream.website)],
		upstream.description !== '' && ['description', toOneLine(upstream.description)],
		upstream.insecureSkipVerify && ['TLS', 'certificates are not verified', style.caution],
		...maps.map((text, index): Fact => [index === 0 ? 'model map' : '', text]),
		...headers.map((text, index): Fact => [index === 0 ? 'headers' : '', text]),
		upstream.proxyUrl !== '' && ['proxy', redactUrl(upstream.proxyUrl)],
		upstream.authStyle !== 'auto' && ['auth style', upstream.authStyle],
		upstream.timeoutMs > 0 && ['timeout', `${upstream.timeoutMs / 1000} s`],
		upstream.maxConcurrent > 0 && ['at once', `${upstream.maxConcurrent} requests`],
		!upstream.enabled && ['state', 'off', style.caution],
	]
	return facts.filter(fact => fact !== false)
}

function listKeyRows({ keys }: ConfigUpstream, now: number, style: Style) {
	const label = (index: number) => ({ text: index === 0 ? 'keys' : '', paint: style.faint })
	if (keys.length === 0) return [[{ text: ' ' }, label(0), { text: 'none', paint: style.caution }]]
	const width = Math.max(...keys.map(({ mask }) => mask.length))
	return keys.map((key, index) => {
		const state = describeKey(key, now)
		const text = `${index}  ${key.mask.padEnd(width)}  ${formatState(state)}`
		return [{ text: ' ' }, label(index), { text, paint: paintState(style, state) }]
	})
}
