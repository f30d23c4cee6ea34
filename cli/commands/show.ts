import { describeCall } from '../../core/views/upstream-view.ts'
import type { Config, ConfigUpstream, StoredFact } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { describeKey, formatState, paintState } from '../describe-state.ts'
import { findUpstream } from '../find-upstream.ts'
import { describeLearned, viewLearned } from '../learned.ts'
import { describeLack, emptyLines } from '../next-step.ts'
import { hidden, redactUrl } from '../redact.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable } from '../ui/table.ts'
import { viewUpstream } from '../view-upstream.ts'

export const show: Command = {
	usage: ['show [upstream] [--verbose]'],
	options: { verbose: { description: 'also what refusals taught about the models' } },
	examples: ['show', 'show openai-main', 'show openai-main --verbose'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (rest.length > 0)
		throw usageError('show takes at most one upstream', 'quote a name that has blanks in it')
	const { repository, read } = await call.openSession()
	const config = await read()
	const facts = call.options.has('verbose') ? await repository.listFacts() : undefined
	if (word !== undefined) {
		const upstream = findUpstream(config, word)
		return { data: view(upstream, config, facts), lines: describe(call, upstream, config, facts) }
	}
	const { revision, strategy, currentUpstreamId } = config
	const upstreams = config.upstreams.map(upstream => view(upstream, config, facts))
	const data = { revision, strategy, currentUpstreamId: currentUpstreamId ?? null, upstreams }
	return { data, lines: describeAll(call, config, facts) }
}

function view(upstream: ConfigUpstream, config: Config, facts: readonly StoredFact[] | undefined) {
	const shown = viewUpstream(upstream, config)
	return facts === undefined ? shown : { ...shown, learned: viewLearned(facts, upstream.id) }
}

function describeAll(call: CommandCall, config: Config, facts: readonly StoredFact[] | undefined): string[] {
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	const { label } = call.texts
	const head = formatTable([
		[{ text: label('strategy') }, { text: config.strategy }],
		[{ text: label('current') }, { text: current?.name ?? label('none') }],
	])
	if (config.upstreams.length === 0) return [...head, '', ...emptyLines(call)]
	const blocks = config.upstreams.flatMap(upstream => ['', ...describe(call, upstream, config, facts)])
	const lack = describeLack(call, config)
	return [...head, ...blocks, ...(lack.length === 0 ? [] : ['', ...lack])]
}

/** Nothing of it is cut: this is the command that tells all. */
const wrapped = [undefined, undefined, { least: 30, wraps: true as const }]

function describe(
	call: CommandCall,
	upstream: ConfigUpstream,
	config: Config,
	stored: readonly StoredFact[] | undefined,
): string[] {
	const { style, texts } = call
	const current = upstream.id === config.currentUpstreamId ? texts.currentMark : ''
	const title = `${config.upstreams.indexOf(upstream)}  ${style.strong(upstream.name + current)}`
	const facts = listFacts(upstream, call)
	const rows = facts.map(([label, text, paint]) => [
		{ text: ' ' },
		{ text: texts.label(label), paint: style.faint },
		{ text, ...(paint ? { paint } : {}) },
	])
	const learned = listLearnedRows(upstream, config.now, stored, call)
	const keys = listKeyRows(upstream, config.now, call)
	return [title, ...formatTable([...rows, ...keys, ...learned], call.io.columns, wrapped)]
}

function listLearnedRows(
	{ id }: ConfigUpstream,
	now: number,
	stored: readonly StoredFact[] | undefined,
	{ style, texts }: CommandCall,
) {
	if (stored === undefined) return []
	const lines = describeLearned(viewLearned(stored, id), now)
	return (lines.length === 0 ? [texts.label('nothing')] : lines).map((text, index) => [
		{ text: ' ' },
		{ text: index === 0 ? texts.label('learned') : '', paint: style.faint },
		{ text },
	])
}

type Fact = [label: string, text: string, paint?: (text: string) => string]

/** What is left at its default is left out. */
function listFacts(upstream: ConfigUpstream, { style, texts: { say, label } }: CommandCall): Fact[] {
	const maps = Object.entries(upstream.modelMap).map(([from, to]) => toOneLine(`${from} -> ${to}`))
	const headers = Object.keys(upstream.extraHeaders).map(name => `${name}: ${hidden}`)
	const facts: (Fact | false)[] = [
		['type', upstream.type],
		['URL', redactUrl(upstream.baseUrl)],
		['calls', `POST ${describeCall(upstream) ?? say('(this version does not know the type)')}`],
		upstream.website !== '' && ['website', redactUrl(upstream.website)],
		upstream.description !== '' && ['description', toOneLine(upstream.description)],
		upstream.insecureSkipVerify && ['TLS', say('certificates are not verified'), style.caution],
		...maps.map((text, index): Fact => [index === 0 ? 'model map' : '', text]),
		...headers.map((text, index): Fact => [index === 0 ? 'headers' : '', text]),
		upstream.proxyUrl !== '' && ['proxy', redactUrl(upstream.proxyUrl)],
		upstream.authStyle !== 'auto' && ['auth style', upstream.authStyle],
		upstream.timeoutMs > 0 && ['timeout', `${upstream.timeoutMs / 1000} s`],
		upstream.maxConcurrent > 0 && ['at once', say(`${upstream.maxConcurrent} requests`)],
		upstream.keyConcurrent > 0 && ['at once', say(`${upstream.keyConcurrent} per key`)],
		upstream.firstContentMs > 0 && ['content', say(`within ${upstream.firstContentMs / 1000} s`)],
		!upstream.enabled && ['state', label('off'), style.caution],
	]
	return facts.filter(fact => fact !== false)
}

function listKeyRows({ keys }: ConfigUpstream, now: number, { style, texts }: CommandCall) {
	const label = (index: number) => ({ text: index === 0 ? texts.label('keys') : '', paint: style.faint })
	if (keys.length === 0)
		return [[{ text: ' ' }, label(0), { text: texts.label('none'), paint: style.caution }]]
	const width = Math.max(...keys.map(({ mask }) => mask.length))
	return keys.map((key, index) => {
		const state = describeKey(key, now)
		const text = `${index}  ${key.mask.padEnd(width)}  ${formatState(state, texts)}`
		return [{ text: ' ' }, label(index), { text, paint: paintState(style, state) }]
	})
}
