import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { probeUpstreams } from '../../core/proxy/probe-all.ts'
import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import type { Config, ConfigUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import { openUpstreamAccess } from '../upstream-access.ts'

export const test: Command = {
	usage: ['test', 'test <upstream> [<upstream> …]', 'test --all'],
	options: {
		all: { description: 'every upstream that is enabled' },
		model: { value: 'model', description: 'the model to ask for, as a client would; the model map applies' },
		key: { value: 'key', description: 'the key to use, by number, id or mask; with one upstream' },
		'fail-fast': { description: 'one after the other, until one fails' },
	},
	examples: ['test', 'test kimi --model claude-opus-4-5', 'test kimi --key 1', 'test --all --json'],
	details: [
		'Without a name, the current upstream is tested. Keys that cool are used all the same, and nothing is',
		'remembered of them. Ends with 7 if a test fails.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const session = await call.openSession()
	const config = await session.read()
	const chosen = chooseUpstreams(call, config)
	const keyId = chooseKey(call, chosen, session)
	const model = call.options.text('model')
	if (model?.trim() === '') throw usageError('--model needs the name of a model')
	const access = await openUpstreamAccess(session)
	try {
		const { upstreams } = access.snapshot
		const known = chosen.map(({ id }) => upstreams.find(upstream => upstream.id === id))
		const results = await probeUpstreams(access.services, known.filter(isPresent), {
			...{ model, keyId },
			...(call.options.has('fail-fast') && { concurrency: 1, failFast: true }),
			onResult: result => tellProgress(call, result, chosen.length),
		})
		return describe(call, results, chosen.length)
	} finally {
		access.close()
	}
}

const isPresent = (upstream: UpstreamSnapshot | undefined) => upstream !== undefined

function chooseUpstreams(call: CommandCall, config: Config): ConfigUpstream[] {
	const { words, options } = call
	if (config.upstreams.length === 0) {
		throw notFoundError('there are no upstreams yet', `add one: ${programMark} add <name> <type> <url>`)
	}
	if (options.has('all')) {
		if (words.length > 0) throw usageError('--all and names exclude each other')
		return config.upstreams.filter(({ enabled }) => enabled)
	}
	if (words.length > 0) return [...new Set(words.map(word => findUpstream(config, word)))]
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	if (current) return [current]
	throw notFoundError('no upstream is current', 'name the one to test, or add --all')
}

function chooseKey(
	{ options }: CommandCall,
	chosen: readonly ConfigUpstream[],
	session: ConfigSession,
): string | undefined {
	const word = options.text('key')
	if (word === undefined) return undefined
	const [upstream, ...others] = chosen
	if (upstream === undefined || others.length > 0) throw usageError('--key goes with one upstream')
	return findKey(upstream, word, session.keyRing).id
}

function tellProgress({ io }: CommandCall, result: ProbeResult, total: number): void {
	if (total > 1) io.writeError(`${result.upstreamName}: ${nameOutcome(result)}, ${result.totalMs} ms\n`)
}

function describe(call: CommandCall, results: readonly ProbeResult[], total: number): CommandResult {
	const failed = results.filter(({ ok }) => !ok)
	const head = ['NAME', 'RESULT', 'STATUS', 'CONNECT', 'FIRST BYTE', 'TOTAL', 'KEY', 'MODEL']
	const rows = [
		head.map(text => ({ text, paint: call.style.faint })),
		...results.map(one => toRow(call, one)),
	]
	const left = total - results.length
	return {
		data: { ok: results.length - failed.length, failed: failed.length, notTested: left, results },
		lines: [
			...formatTable(rows, call.io.columns),
			...(failed.length > 0 || results.length === 1 ? [''] : []),
			...(results.length === 1 && results[0]?.url ? [`called POST ${results[0].url}`] : []),
			...failed.map(one => `${call.style.bad(one.upstreamName)} ${toOneLine(one.message)}`),
			...(left > 0 ? [`${left} not tested`] : []),
		],
		exitCode: failed.length > 0 ? exitCodes.upstream : exitCodes.ok,
	}
}

function toRow({ style }: CommandCall, result: ProbeResult): Cell[] {
	return [
		{ text: result.upstreamName },
		{ text: nameOutcome(result), paint: result.ok ? style.good : style.bad },
		{ text: result.status === 0 ? '-' : String(result.status) },
		{ text: formatMs(result.connectMs) },
		{ text: formatMs(result.firstByteMs) },
		{ text: formatMs(result.totalMs) },
		{ text: result.keyMask ?? '-' },
		{ text: describeModel(result) },
	]
}

const nameOutcome = (result: ProbeResult) => result.class.replace('_', ' ')
const formatMs = (ms: number | null) => (ms === null ? '-' : `${ms} ms`)

/** The one asked for, and the one that answered where that is another. */
function describeModel({ model, answeredModel }: ProbeResult): string {
	const names = [model, answeredModel].filter(name => name !== null && name !== '')
	return names.length === 0 ? '-' : [...new Set(names.map(name => toOneLine(name ?? '')))].join(' -> ')
}
