import { setTimeout as wait } from 'node:timers/promises'
import { createLogger } from '../../../api/_app/logger.ts'
import { type AppServices, createServices } from '../../../api/_app/services.ts'
import type { Environment } from '../../../core/config/environment.ts'
import { migrateDatabase } from '../../../db/index.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { startHranaProcess } from '../hrana-server.ts'
import { places } from './index.ts'
import type { PlacedServer, PlaceName } from './place.ts'

/** Longest until every instance has seen a change of the configuration, ms. */
const visibleMs = 950
/** How long an instance may keep what it has to write, ms. */
const writtenMs = 1500

export interface PlacedProxy {
	url: string
	services: AppServices
	logs(): string
	settle(): Promise<void>
	close(): Promise<void>
}

/**
 * The proxy in a place, and this process beside it on the same database. What a test asks of the services (read,
 * refresh, flush) is done here and waited for there.
 */
export async function startPlacedProxy(
	name: PlaceName,
	options: {
		variables: Record<string, string>
		environment: Environment & { PROXY_ACCESS_KEY: string; ENCRYPTION_KEY: string }
		folder: string
	},
): Promise<PlacedProxy> {
	const { folder } = options
	const place = places[name]
	const own = place.database === 'remote' && !options.variables.TURSO_DATABASE_URL
	const server = own ? await startHranaProcess() : undefined
	const database = server && { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const environment = { ...options.environment, ...database }
	const logger = await createLogger('error', false, { write() {} })
	const services = await createServices({ environment, logger, version: packageJson.version })
	await migrateDatabase(services.database)
	const { PROXY_ACCESS_KEY, ENCRYPTION_KEY, TURSO_DATABASE_URL, NODE_ENV } = environment
	const always = { PROXY_ACCESS_KEY, ENCRYPTION_KEY, TURSO_DATABASE_URL, NODE_ENV }
	const variables = { ...always, ...options.variables, ...database }
	const placed = await place.start({ variables, folder })
	return {
		url: placed.url,
		services: reachBoth(services, placed),
		logs: () => readLogLines(placed.output()),
		settle: () => settle(placed, environment.HEALTH_CHECK_PATH),
		async close() {
			await placed.stop()
			await services.close()
			await server?.stop()
		},
	}
}

/** Without what is meant for people, such as what a start prints. */
const readLogLines = (output: string): string =>
	output
		.split('\n')
		.filter(line => line.startsWith('{'))
		.map(line => `${line}\n`)
		.join('')

function reachBoth(services: AppServices, placed: PlacedServer): AppServices {
	const { config, requestLog, observation } = services
	const here = services.flush
	const flush = async () => {
		await here()
		await waitUntilWritten(placed, services)
	}
	/** Of the rest that is written behind, such as bodies, no interface tells whether it is. */
	const flushAll = async () => {
		await Promise.all([flush(), wait(writtenMs)])
	}
	const refresh = async () => {
		await config.refresh()
		await makeVisible(placed, services)
	}
	return {
		...services,
		flush: flushAll,
		config: { ...config, refresh, flush },
		requestLog: { ...requestLog, flush },
		observation: { ...observation, flush: flushAll },
	}
}

/** One instance can be told to read anew; of several, each does so by itself within a second. */
async function makeVisible({ url, instances }: PlacedServer, { accessKeys }: AppServices): Promise<void> {
	const headers = { authorization: `Bearer ${accessKeys.admin}` }
	const reload = () => fetch(`${url}/admin/config/reload`, { method: 'POST', headers })
	const told = instances === 1 && (await reload().catch(() => undefined))?.ok === true
	if (!told) await wait(visibleMs)
}

/** Of several instances each has then written what it knew, and read the configuration and what the others wrote. */
async function settle({ url, instances }: PlacedServer, healthPath: string): Promise<void> {
	if (instances === 1) return
	await wait(writtenMs + visibleMs)
	// Connections go to the instances in turn; what tells of their health is the configuration.
	for (let count = 0; count < 2 * instances; count++) {
		await fetch(url + healthPath, { headers: { connection: 'close' } }).then(answer => answer.text())
	}
}

async function waitUntilWritten(
	{ url, instances }: PlacedServer,
	{ environment }: AppServices,
): Promise<void> {
	if (instances > 1 || !environment.HEALTH_CHECK_ENABLED) return wait(writtenMs)
	for (const until = performance.now() + 10_000; performance.now() < until; await wait(20)) {
		const answer = await fetch(url + environment.HEALTH_CHECK_PATH).catch(() => undefined)
		const { database } = ((await answer?.json()) ?? {}) as { database?: { waiting: number } }
		if (database?.waiting === 0) return
	}
}
