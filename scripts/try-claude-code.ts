import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { accessKey, startProxy, type TestProxy } from '../test/support/proxy.ts'
import {
	type RecordedRequest,
	type ScriptedAnswer,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
} from '../test/support/upstreams/index.ts'

/**
 * Claude Code itself, fetched from npm into .cache, works through the proxy with a scripted upstream of each type: it
 * writes two files in one turn, reads one, edits it and says so. Passes only without any fallback on its side.
 */
const version = '2.1.330'
const timeLimitMs = 120_000
const cache = resolve(import.meta.dirname, '../.cache/claude-code', version)
const key = 'sk-try-claude-code-0123456789'

interface Trial {
	type: string
	/** What Claude Code's models are mapped to; empty for the dialect it speaks itself. */
	model: string
	start(): Promise<ScriptedUpstream>
}

const trials: Trial[] = [
	{ type: 'openai', model: 'gpt-5.1', start: () => startOpenAiUpstream({ keys: [key] }) },
	{ type: 'openaiold', model: 'gpt-4o', start: () => startOpenAiUpstream({ keys: [key], compat: 'old' }) },
	{ type: 'gemini', model: 'gemini-3-pro-preview', start: () => startGeminiUpstream({ keys: [key] }) },
	{ type: 'claude', model: '', start: () => startAnthropicUpstream({ keys: [key] }) },
]

const closingWords = 'Both files are written and the greeting is corrected.'

/** The turns of the model, whatever its dialect. */
function createTurns(folder: string): ScriptedAnswer[] {
	const greeting = join(folder, 'greeting.txt')
	const other = join(folder, 'other.txt')
	return [
		{
			thinking: ['I write ', 'both files.'],
			text: ['I will write ', 'two files.'],
			toolCalls: [
				{ name: 'Write', args: { file_path: greeting, content: 'Helo, world\n' } },
				{ name: 'Write', args: { file_path: other, content: '第二个文件 ✓\n' } },
			],
		},
		{ toolCalls: [{ name: 'Read', args: { file_path: greeting } }] },
		{
			thinking: 'A letter is missing.',
			toolCalls: [{ name: 'Edit', args: { file_path: greeting, old_string: 'Helo', new_string: 'Hello' } }],
		},
		{ text: closingWords.match(/\S+\s*/g) ?? [] },
	]
}

async function runTrial(trial: Trial): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), 'try-claude-code-'))
	const work = join(folder, 'work')
	const [proxy, upstream] = await Promise.all([startProxy(), trial.start()])
	try {
		await mkdir(work)
		const { type, model } = trial
		const modelMap: Record<string, string> = model === '' ? {} : { opus: model, sonnet: model, haiku: model }
		await proxy.use({ type, baseUrl: upstream.url, modelMap }, [key])
		upstream.script(...createTurns(work))
		const said = await runClaudeCode(proxy, folder, work)
		return [...said.problems, ...(await findProblems(work, said.output, upstream))]
	} finally {
		await Promise.all([proxy.close(), upstream.close()])
		await rm(folder, { recursive: true, force: true })
	}
}

async function findProblems(work: string, output: string, upstream: ScriptedUpstream): Promise<string[]> {
	const problems: string[] = []
	const expect = (holds: boolean, problem: string) => void (holds || problems.push(problem))
	const read = (name: string) => readFile(join(work, name), 'utf8').catch(() => 'no file')
	const greeting = await read('greeting.txt')
	const other = await read('other.txt')
	expect(greeting === 'Hello, world\n', `greeting.txt holds ${JSON.stringify(greeting)}`)
	expect(other === '第二个文件 ✓\n', `other.txt holds ${JSON.stringify(other)}`)
	expect(output.includes(closingWords), `it printed ${JSON.stringify(output.slice(0, 500))}`)
	const calls = upstream.requests.filter(({ method, path }) => method === 'POST' && !/count/i.test(path))
	expect(calls.length === 4, `${calls.length} requests reached the upstream, not 4`)
	for (const call of calls) {
		expect(isStream(call), 'a request without streaming: Claude Code fell back')
		expect(call.refused === undefined, `the upstream refused a request: ${call.refused?.message}`)
	}
	return problems
}

function isStream(call: RecordedRequest): boolean {
	const body = call.body as { stream?: boolean }
	return body.stream === true || call.path.endsWith(':streamGenerateContent')
}

interface Said {
	output: string
	problems: string[]
}

function runClaudeCode(proxy: TestProxy, home: string, work: string): Promise<Said> {
	const prompt = 'Write greeting.txt and other.txt, then correct the spelling in greeting.txt.'
	const child = spawn(findProgram(), ['-p', prompt, '--dangerously-skip-permissions'], {
		cwd: work,
		env: {
			PATH: process.env.PATH,
			HOME: home,
			// Without it Claude Code refuses to skip permissions as root.
			IS_SANDBOX: '1',
			ANTHROPIC_BASE_URL: proxy.url,
			ANTHROPIC_AUTH_TOKEN: accessKey,
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
			DISABLE_TELEMETRY: '1',
			DISABLE_ERROR_REPORTING: '1',
			CLAUDE_CODE_MAX_RETRIES: '1',
		},
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: timeLimitMs,
	})
	let output = ''
	let errors = ''
	child.stdout.on('data', chunk => {
		output += chunk
	})
	child.stderr.on('data', chunk => {
		errors += chunk
	})
	return new Promise(done => {
		child.on('error', error => done({ output, problems: [`Claude Code did not start: ${error.message}`] }))
		child.on('close', code => {
			done({
				output,
				problems: code === 0 ? [] : [`Claude Code exited with ${code}: ${errors.slice(0, 500)}`],
			})
		})
	})
}

function findProgram(): string {
	const name = process.platform === 'win32' ? 'claude.exe' : 'claude'
	return join(cache, 'node_modules/@anthropic-ai', `claude-code-${process.platform}-${process.arch}`, name)
}

async function fetchClaudeCode(): Promise<void> {
	if (existsSync(findProgram())) return
	process.stdout.write(`fetching Claude Code ${version} into .cache (about 235 MB, once) …\n`)
	await mkdir(cache, { recursive: true })
	const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
	const args = ['install', '--prefix', cache, ...options, `@anthropic-ai/claude-code@${version}`]
	await promisify(execFile)('npm', args, { cwd: cache })
}

await fetchClaudeCode()
const wanted = process.argv.slice(2)
for (const trial of trials) {
	if (wanted.length > 0 && !wanted.includes(trial.type)) continue
	const started = performance.now()
	const problems = await runTrial(trial)
	const seconds = ((performance.now() - started) / 1000).toFixed(1)
	process.stdout.write(`${problems.length === 0 ? 'pass' : 'FAIL'}  ${trial.type.padEnd(10)} ${seconds} s\n`)
	for (const problem of problems) process.stdout.write(`      ${problem}\n`)
	if (problems.length > 0) process.exitCode = 1
}
