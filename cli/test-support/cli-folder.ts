import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { quietProgress } from '../../scripts/lib/progress.ts'
import type { CliIo } from '../io.ts'
import { runCli } from '../run-cli.ts'

export interface Ended {
	code: number
	stdout: string
	stderr: string
}

/** What tests look into of a command's JSON; a test asserts the rest by shape. */
export interface Data {
	revision: number
	upstreams: ShownUpstream[]
	keys: { id: string; mask: string; state: string }[]
}

interface ShownUpstream {
	id: string
	name: string
	current: boolean
	keys: unknown[]
}

/** A folder of its own, with the `.env` and the file database that the first command makes. */
export interface CliFolder {
	readonly path: string
	/** Runs a command line in this process. */
	run(...argv: string[]): Promise<Ended>
	/** The same with another terminal, stdin or answer. */
	runWith(changes: Partial<CliIo>, ...argv: string[]): Promise<Ended>
	/** `data` of a command that must succeed. */
	data(...argv: string[]): Promise<Data>
	/** Runs the bundle in a process of its own, as npm scripts do; stdin is `input`. */
	spawn(argv: readonly string[], options?: { input?: string; variables?: NodeJS.ProcessEnv }): Promise<Ended>
	revision(): Promise<number>
	remove(): void
}

/** Changes the working directory: one folder at a time. */
export function createCliFolder(variables: Record<string, string> = {}): CliFolder {
	const path = mkdtempSync(join(tmpdir(), 'claude-proxy-cli-'))
	const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
	if (lines.length > 0) writeFileSync(join(path, '.env'), lines.join(''))
	const before = process.cwd()
	process.chdir(path)

	async function runWith(changes: Partial<CliIo>, ...argv: string[]): Promise<Ended> {
		const ended = { stdout: '', stderr: '' }
		const code = await runCli(argv, { ...createTestIo(ended), ...changes })
		return { code, ...ended }
	}

	async function readData(...argv: string[]): Promise<Data> {
		const { stdout, stderr } = await runWith({}, ...argv, '--json')
		const document = JSON.parse(stdout) as { ok: boolean; data: Data }
		if (!document.ok) throw new Error(`${argv.join(' ')}: ${stdout}${stderr}`)
		return document.data
	}

	return {
		path,
		run: (...argv) => runWith({}, ...argv),
		runWith,
		data: readData,
		spawn: (argv, options = {}) => spawnCli(path, argv, options),
		revision: async () => (existsSync(join(path, 'data')) ? (await readData('list')).revision : 0),
		remove() {
			process.chdir(before)
			rmSync(path, { recursive: true, force: true })
		},
	}
}

function createTestIo(ended: { stdout: string; stderr: string }): CliIo {
	return {
		write(text) {
			ended.stdout += text
		},
		writeError(text) {
			ended.stderr += text
		},
		readInput: () => Promise.reject(new Error('stdin was read')),
		confirm: () => Promise.reject(new Error('a question was asked')),
		askSecret: () => Promise.reject(new Error('a passphrase was asked')),
		onInterrupt: () => () => {},
		interactive: false,
		columns: undefined,
		color: false,
		errorColor: false,
		language: 'en',
		program: 'npm run config --',
	}
}

async function spawnCli(
	cwd: string,
	argv: readonly string[],
	options: { input?: string; variables?: NodeJS.ProcessEnv },
): Promise<Ended> {
	const entry = await ensureCli(projectRoot, quietProgress)
	const env = { PATH: process.env.PATH, ...options.variables }
	return new Promise(resolve => {
		const child = execFile(process.execPath, [entry, ...argv], { cwd, env }, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
		})
		child.stdin?.end(options.input ?? '')
	})
}
