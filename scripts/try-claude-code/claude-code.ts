import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** The real client: fetched from npm into .cache (about 235 MB, once), never a dependency. */
const version = '2.1.330'
const timeLimitMs = 120_000
const cache = resolve(import.meta.dirname, '../../.cache/claude-code', version)

export interface Run {
	prompt: string
	args?: readonly string[]
	environment?: Record<string, string>
}

export interface Said {
	code: number | null
	output: string
	errors: string
}

export interface Place {
	/** Where it works, and its own HOME. */
	work: string
	home: string
	proxyUrl: string
	accessKey: string
}

export function runClaudeCode({ prompt, args = [], environment = {} }: Run, place: Place): Promise<Said> {
	const child = spawn(findProgram(), ['-p', prompt, '--dangerously-skip-permissions', ...args], {
		cwd: place.work,
		env: {
			PATH: process.env.PATH,
			HOME: place.home,
			// Without it Claude Code refuses to skip permissions as root.
			IS_SANDBOX: '1',
			ANTHROPIC_BASE_URL: place.proxyUrl,
			ANTHROPIC_AUTH_TOKEN: place.accessKey,
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
			DISABLE_TELEMETRY: '1',
			DISABLE_ERROR_REPORTING: '1',
			CLAUDE_CODE_MAX_RETRIES: '1',
			...environment,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: timeLimitMs,
	})
	const said: Said = { code: null, output: '', errors: '' }
	child.stdout.on('data', chunk => {
		said.output += chunk
	})
	child.stderr.on('data', chunk => {
		said.errors += chunk
	})
	return new Promise(done => {
		child.on('error', error => done({ ...said, errors: error.message }))
		child.on('close', code => done({ ...said, code }))
	})
}

export async function fetchClaudeCode(): Promise<void> {
	if (existsSync(findProgram())) return
	process.stdout.write(`fetching Claude Code ${version} into .cache (about 235 MB, once) …\n`)
	await mkdir(cache, { recursive: true })
	const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
	const args = ['install', '--prefix', cache, ...options, `@anthropic-ai/claude-code@${version}`]
	await promisify(execFile)('npm', args, { cwd: cache })
}

function findProgram(): string {
	const name = process.platform === 'win32' ? 'claude.exe' : 'claude'
	return join(cache, 'node_modules/@anthropic-ai', `claude-code-${process.platform}-${process.arch}`, name)
}
