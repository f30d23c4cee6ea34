import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { builtAdmin, projectRoot } from '../../scripts/lib/layout.ts'
import { quietProgress } from '../../scripts/lib/progress.ts'
import { hello } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'

export interface Served {
	child: ChildProcess
	url: string
	output(): string
	ask(body?: object): Promise<Response>
}

export interface Ended {
	code: number | null
	output: string
}

/** Real processes in a folder of the test's own: the proxy and the CLI as they are installed. */
export interface Processes {
	folder(): string
	serve(variables?: Record<string, string>, options?: SpawnOptions): Promise<Served>
	/** Runs a command to its end. */
	cli(argv: readonly string[], variables?: Record<string, string>, options?: SpawnOptions): Promise<Ended>
}

export interface SpawnOptions {
	/** User to run as, which only root may choose. */
	uid?: number
	/** JavaScript that runs in the process before anything else. */
	before?: string
}

/** One folder per test; what still runs at its end is killed. */
export function useProcesses(): Processes {
	const children: ChildProcess[] = []
	let program = ''
	let entry = ''
	let folder = ''
	beforeAll(async () => {
		// A copy: somebody may build anew meanwhile.
		program = mkdtempSync(join(tmpdir(), 'claude-proxy-program-'))
		entry = copyProgram(await ensureCli(projectRoot, quietProgress), program)
	})
	afterAll(() => rmSync(program, { recursive: true, force: true }))
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'claude-proxy-outage-'))
	})
	afterEach(async () => {
		await Promise.all(children.splice(0).map(kill))
		rmSync(folder, { recursive: true, force: true })
	})

	function run(argv: readonly string[], variables: Record<string, string>, options: SpawnOptions) {
		const { before, ...user } = options
		const flags = before === undefined ? [] : [`--import=data:text/javascript,${encodeURIComponent(before)}`]
		const env = {
			...{ PATH: process.env.PATH, PORT: '0', NO_COLOR: '1', LOG_LEVEL: 'warn' },
			...{ PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: 'an encryption key for tests only' },
			...variables,
		}
		const child = spawn(process.execPath, [...flags, entry, ...argv], {
			...{ cwd: folder, env, ...user, stdio: ['ignore', 'pipe', 'pipe'] },
		})
		children.push(child)
		let output = ''
		for (const stream of [child.stdout, child.stderr]) {
			stream?.on('data', chunk => {
				output += chunk
			})
		}
		return { child, output: () => output }
	}

	return {
		folder: () => folder,
		async serve(variables = {}, options = {}) {
			const { child, output } = run(['serve'], variables, options)
			const exited = once(child, 'exit').then(() => 'ended')
			while (!/is running.*~\/\.claude\/settings\.json/s.test(output())) {
				if ((await Promise.race([once(child.stdout!, 'data'), exited])) === 'ended') throw new Error(output())
			}
			const url = /Address\s+(\S+)/.exec(output())?.[1] ?? ''
			return { child, url, output, ask: (body = hello) => ask(url, body) }
		},
		async cli(argv, variables = {}, options = {}) {
			const { child, output } = run(argv, variables, options)
			const [code] = await once(child, 'close')
			return { code, output: output() }
		},
	}
}

function copyProgram(entry: string, target: string): string {
	chmodSync(target, 0o755)
	cpSync(join(projectRoot, 'dist/cli'), join(target, 'dist/cli'), { recursive: true })
	cpSync(join(projectRoot, 'package.json'), join(target, 'package.json'))
	symlinkSync(join(projectRoot, 'node_modules'), join(target, 'node_modules'))
	mkdirSync(join(target, 'web'))
	symlinkSync(builtAdmin(projectRoot), join(target, 'web/build'))
	return join(target, relative(projectRoot, entry))
}

async function kill(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	child.kill('SIGKILL')
	await once(child, 'exit')
}

function ask(url: string, body: object): Promise<Response> {
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
	return fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) })
}
