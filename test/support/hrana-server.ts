import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { HranaServer, initialKnobs, type Knobs, type ServerStats } from './hrana/server.ts'

export type { Knobs, ServerStats } from './hrana/server.ts'

/** A database server in a process of its own, on a temporary file. */
export interface HranaProcess {
	url: string
	token: string
	/** The SQLite file behind it. */
	file: string
	/** Sets these switches and puts the others back; answers with all of them and the counters. */
	control(knobs: Partial<Knobs>): Promise<{ knobs: Knobs; stats: ServerStats }>
	/** The counters, without touching a switch. */
	stats(): Promise<ServerStats>
	/** Ends the process: its port refuses connections until `bringUp`, with the same file, port and token. */
	takeDown(): Promise<void>
	bringUp(): Promise<void>
	stop(): Promise<void>
}

export async function startHranaProcess(): Promise<HranaProcess> {
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-hrana-'))
	const file = join(folder, 'server.db')
	const token = 'test-token'
	let running = await startChild(file, token, '0')
	const { url } = running
	const { port } = new URL(url)

	async function ask(body?: string): Promise<{ knobs: Knobs; stats: ServerStats }> {
		const response = await fetch(`${url}/__test`, { method: 'POST', ...(body !== undefined && { body }) })
		return (await response.json()) as { knobs: Knobs; stats: ServerStats }
	}

	return {
		...{ url, token, file },
		control: knobs => ask(JSON.stringify({ ...initialKnobs, ...knobs })),
		stats: async () => (await ask()).stats,
		takeDown: () => running.end(),
		async bringUp() {
			running = await startChild(file, token, port)
		},
		async stop() {
			await running.end()
			await rm(folder, { recursive: true, force: true })
		},
	}
}

async function startChild(...args: [file: string, token: string, port: string]) {
	const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
		stdio: ['pipe', 'pipe', 'inherit'],
	})
	const exited = once(child, 'exit')
	const lines = createInterface({ input: child.stdout })
	const [url] = (await Promise.race([
		once(lines, 'line'),
		exited.then(([code]) => Promise.reject(new Error(`the Hrana server ended with code ${code}`))),
	])) as [string]
	return {
		url,
		async end() {
			child.stdin.end()
			await exited
		},
	}
}

/** `node hrana-server.ts <file> [token] [port]`: prints its URL; ends when its standard input does. */
async function main([file, token, port]: string[]): Promise<void> {
	if (file === undefined) throw new Error('usage: node hrana-server.ts <file> [token] [port]')
	const server = new HranaServer({ file, port: Number(port ?? 0), ...(token ? { token } : {}) })
	console.log(await server.listen())
	// A test that is killed takes its server with it.
	process.stdin.on('end', () => server.close().then(() => process.exit(0))).resume()
}

if (import.meta.main) await main(process.argv.slice(2))
