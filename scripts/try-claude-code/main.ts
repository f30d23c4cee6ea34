import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessKey, startProxy } from '../../test/support/proxy.ts'
import {
	type RecordedRequest,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../../test/support/upstreams/index.ts'
import { fetchClaudeCode, runClaudeCode, type Said } from './claude-code.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/**
 * Claude Code itself works through the proxy, with a scripted upstream of each type as the model. A trial passes only
 * without any fallback on its side: every request a stream, none refused by the upstream.
 *
 * `npm run try:claude-code -- gemini` runs one type; a word of a scenario's name runs that scenario.
 */
const key = 'sk-try-claude-code-0123456789'

interface Trial {
	type: string
	/** What Claude Code's models are mapped to; empty for the dialect it speaks itself. */
	model: string
	start(): Promise<ScriptedUpstream>
	/** What the upstream refuses the first time, and the proxy learns to leave out. */
	learns?: RegExp
}

const trials: Trial[] = [
	{ type: 'openai', model: 'gpt-5.1', start: () => startOpenAiUpstream({ keys: [key] }) },
	{
		type: 'openaiold',
		model: 'gpt-4o',
		start: () => startOpenAiUpstream({ keys: [key], compat: 'old' }),
		learns: /stream_options/,
	},
	{ type: 'responses', model: 'gpt-5.4', start: () => startResponsesUpstream({ keys: [key] }) },
	{ type: 'gemini', model: 'gemini-3-pro-preview', start: () => startGeminiUpstream({ keys: [key] }) },
	{ type: 'claude', model: '', start: () => startAnthropicUpstream({ keys: [key] }) },
]

async function runTrial({ type, model, start, learns }: Trial, scenario: Scenario): Promise<string[]> {
	const home = await mkdtemp(join(tmpdir(), 'try-claude-code-'))
	const work = join(home, 'work')
	const [proxy, upstream] = await Promise.all([startProxy({ LOG_LEVEL: 'error' }), start()])
	try {
		await mkdir(work)
		await scenario.prepare?.(work)
		const modelMap: Record<string, string> = model === '' ? {} : { opus: model, sonnet: model, haiku: model }
		await proxy.use({ type, baseUrl: upstream.url, modelMap }, [key])
		upstream.script(...scenario.turns(work))
		const said: Said[] = []
		for (const run of scenario.runs(work)) {
			said.push(await runClaudeCode(run, { work, home, proxyUrl: proxy.url, accessKey }))
		}
		const asked = upstream.requests.filter(({ method, path }) => method === 'POST' && !/count/i.test(path))
		const calls = asked.filter(({ refused }) => !refused || !learns?.test(refused.message))
		const problems = [...findFaults(said, calls), ...(await scenario.check({ type, work, said, calls }))]
		if (upstream.pending() > 0) problems.push(`${upstream.pending()} turns were never asked for`)
		return problems
	} finally {
		await Promise.all([proxy.close(), upstream.close()])
		await rm(home, { recursive: true, force: true })
	}
}

function findFaults(said: Said[], calls: RecordedRequest[]): string[] {
	const ended = said.filter(({ code }) => code !== 0)
	return [
		...ended.map(
			({ code, output, errors }) => `Claude Code ended with ${code}: ${(errors || output).slice(0, 300)}`,
		),
		...calls.filter(call => !isStream(call)).map(() => 'a request without streaming: Claude Code fell back'),
		...calls.flatMap(({ refused }) =>
			refused ? [`the upstream refused a request: ${refused.message.slice(0, 300)}`] : [],
		),
	]
}

function isStream({ body, path }: RecordedRequest): boolean {
	return (body as { stream?: boolean }).stream === true || path.endsWith(':streamGenerateContent')
}

await fetchClaudeCode()
const words = process.argv.slice(2)
const types = words.filter(word => trials.some(({ type }) => type === word))
const names = words.filter(word => !types.includes(word))
let failed = 0
let passed = 0
for (const trial of trials.filter(({ type }) => types.length === 0 || types.includes(type))) {
	for (const scenario of scenarios.filter(({ name }) => names.every(word => name.includes(word)))) {
		const started = performance.now()
		const problems = await runTrial(trial, scenario)
		const seconds = ((performance.now() - started) / 1000).toFixed(1)
		if (problems.length === 0) passed++
		else failed++
		process.stdout.write(
			`${problems.length === 0 ? 'pass' : 'FAIL'}  ${trial.type.padEnd(10)} ${scenario.name} (${seconds} s)\n`,
		)
		for (const problem of problems) process.stdout.write(`      ${problem}\n`)
	}
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
