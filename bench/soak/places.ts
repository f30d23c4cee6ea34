import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../db/index.ts'
import { startHranaProcess } from '../../test/support/hrana-server.ts'
import { type DatabaseFault, fileFaults, serverFaults } from './faults.ts'
import { type Instance, startInstance } from './instance.ts'
import type { Problems } from './tally.ts'
import { badPersonas, makeKey, models, type UpstreamName, upstreamNames, upstreamTypes } from './upstreams.ts'

export const accessKey = 'soak-access-key'
export const plantedModel = 'claude-opus-4-5'

export interface CliEnd {
	code: number
	stdout: string
	stderr: string
}

/** One database and the instances that share it. */
export interface Place {
	name: 'file' | 'server'
	instances: Instance[]
	upstreamIds: Record<UpstreamName, string>
	faults: readonly DatabaseFault[]
	cli(argv: readonly string[], input?: string): Promise<CliEnd>
	/** Past the proxies; the database must be well. */
	query<T>(run: (database: Database) => Promise<T>): Promise<T>
	close(): Promise<void>
}

export interface PlaceOptions {
	folder: string
	entry: string
	instances: number
	upstreamUrls: Record<UpstreamName, string>
	problems: Problems
}

/** Makes a database with both upstreams in it, through the CLI, and starts the instances. */
export async function startPlace(name: Place['name'], options: PlaceOptions): Promise<Place> {
	const cwd = join(options.folder, name)
	await mkdir(cwd)
	const server = name === 'server' ? await startHranaProcess() : undefined
	const file = join(cwd, 'data/claude-proxy.db')
	const access = server ? { url: server.url, authToken: server.token } : { url: `file:${file}` }
	const env = {
		...{ NODE_ENV: 'production', LOG_LEVEL: 'warn', PORT: '0', HOST: '127.0.0.1', NO_COLOR: '1' },
		...{ PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: `soak:${randomBytes(32).toString('base64')}` },
		REQUEST_TIMEOUT: '4000',
		...(server && { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }),
	}
	const cli: Place['cli'] = (argv, input) => runCli({ entry: options.entry, cwd, env }, argv, input)
	const upstreamIds = await setUp(cli, options.upstreamUrls)
	const starting = Array.from({ length: options.instances }, (_, index) =>
		startInstance(`${name} ${index + 1}`, { ...options, cwd, env }),
	)
	const instances = await Promise.all(starting)
	return {
		...{ name, instances, upstreamIds, cli },
		faults: server ? serverFaults(server) : fileFaults(file),
		async query(run) {
			const database = await openDatabase(access)
			return run(database).finally(() => database.close())
		},
		async close() {
			await Promise.all(instances.map(instance => instance.stop()))
			await server?.stop()
		},
	}
}

async function setUp(cli: Place['cli'], urls: Record<UpstreamName, string>): Promise<Place['upstreamIds']> {
	const must = async (argv: readonly string[], input?: string) => {
		const { code, stdout, stderr } = await cli(argv, input)
		if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${stdout}${stderr}`)
		return stdout
	}
	await must(['db', 'migrate'])
	for (const name of upstreamNames) {
		await must(['add', name, upstreamTypes[name], urls[name], '--model-map', `opus=${models[name][0]}`])
		const keys = [...badPersonas, 'good', 'good'] as const
		await must(['key', name, 'add', '--key-stdin'], keys.map(makeKey).join('\n'))
	}
	await must(['use', 'blue'])
	const { data } = JSON.parse(await must(['list', '--json'])) as {
		data: { upstreams: { id: string; name: UpstreamName }[] }
	}
	const ids = new Map(data.upstreams.map(({ id, name }) => [name, id]))
	return { blue: ids.get('blue') ?? '', green: ids.get('green') ?? '' }
}

function runCli(
	{ entry, cwd, env }: { entry: string; cwd: string; env: Record<string, string> },
	argv: readonly string[],
	input = '',
): Promise<CliEnd> {
	return new Promise(resolve => {
		const options = { cwd, env: { PATH: process.env.PATH ?? '', ...env } }
		const child = execFile(process.execPath, [entry, ...argv], options, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
		})
		child.stdin?.end(input)
	})
}
