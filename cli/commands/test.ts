import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { probeUpstreams } from '../../core/proxy/probe-all.ts'
import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import type { Config, ConfigUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import { findKey } from '../find-key.ts'
import { findUpstream } from '../find-upstream.ts'
import { formatProbes } from '../probe-table.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { tellWaiting } from '../tell-waiting.ts'
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
		const probing = probeUpstreams(access.services, known.filter(isPresent), {
			...{ model, keyId },
			...(call.options.has('fail-fast') && { concurrency: 1, failFast: true }),
			onResult: result => tellProgress(call, result, chosen.length),
		})
		const results = await tellWaiting(call, `asking ${chosen.map(({ name }) => name).join(', ')} …`, probing)
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

function tellProgress({ io, texts }: CommandCall, result: ProbeResult, total: number): void {
	const { upstreamName, class: outcome, totalMs } = result
	if (total > 1) io.writeError(`${texts.test.progress(upstreamName, texts.outcomes[outcome], totalMs)}\n`)
}

function describe(call: CommandCall, results: readonly ProbeResult[], total: number): CommandResult {
	const failed = results.filter(({ ok }) => !ok).length
	return {
		data: { ok: results.length - failed, failed, notTested: total - results.length, results },
		lines: formatProbes(call, results, total),
		exitCode: failed > 0 ? exitCodes.upstream : exitCodes.ok,
	}
}
