import { type HranaProcess, startHranaProcess } from '../../test/support/hrana-server.ts'
import { failingKey } from '../workloads/dialects/common.ts'

/** What installations have beside one key and a file: each is a target of its own in the workload `extras-64`. */
export interface Variant {
	name: string
	keys: readonly string[]
	env?: Readonly<Record<string, string>>
	/** Variables of a database elsewhere. */
	startDatabase?(): Promise<Record<string, string>>
}

const tripMs = 20
const manyKeys = Array.from({ length: 20 }, (_, index) => `sk-bench-${String(index).padStart(16, '0')}`)
const inTurn = { LOAD_BALANCE_STRATEGY: 'round-robin' }

/** The database servers that were started have to be stopped. */
export function createVariants(): { variants: readonly Variant[]; stop(): Promise<void> } {
	const servers: HranaProcess[] = []
	const startDatabase = async () => {
		const server = await startHranaProcess()
		servers.push(server)
		await server.control({ latencyMs: tripMs })
		return { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	}
	const [key = ''] = manyKeys
	const variants = [
		{ name: '20 keys', keys: manyKeys, env: inTurn },
		{ name: 'failing key', keys: [failingKey, key], env: inTurn },
		{ name: 'log lines', keys: [key], env: { LOG_LEVEL: 'info' } },
		{ name: 'far database', keys: [key], startDatabase },
	]
	return {
		variants,
		async stop() {
			await Promise.all(servers.map(server => server.stop()))
		},
	}
}
