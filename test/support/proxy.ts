import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createFetchHandler } from '../../api/_app/http/fetch-handler.ts'
import { createNodeServer } from '../../api/_app/http/node-server.ts'
import { createLogger } from '../../api/_app/logger.ts'
import { type AppServices, createServices } from '../../api/_app/services.ts'
import { readEnvironment } from '../../core/config/environment.ts'
import type { UpstreamInput } from '../../core/config/upstream.ts'
import {
	type ConfigRepository,
	createConfigRepository,
	createKeyRing,
	migrateDatabase,
} from '../../db/index.ts'
import { builtAdmin, projectRoot } from '../../scripts/lib/layout.ts'
import { placeName } from './places/place.ts'
import type { PlacedProxy } from './places/placed-proxy.ts'

export const accessKey = 'test-access-key'

export interface TestProxy {
	/** Without `/v1`. */
	url: string
	services: AppServices
	repository: ConfigRepository
	/** Everything that was logged, as text. */
	logs(): string
	/** Adds an upstream with keys and makes it current. Returns its id. */
	use(
		input: Pick<UpstreamInput, 'type' | 'baseUrl'> & Partial<UpstreamInput>,
		keys?: string[],
	): Promise<string>
	/**
	 * Until every process knows what one has changed or learned. One alone knows at once: then this waits for nothing,
	 * and the next request shows whether it does.
	 */
	settle(): Promise<void>
	close(): Promise<void>
}

/**
 * The real thing in this process: a real database file, real sockets; only the upstreams are scripted.
 * @param adapter `fetch` serves the handler that the serverless function exports
 * @param options.admin serves the built admin too; it has to be built (test/browser does)
 */
export async function startProxy(
	variables: Record<string, string> = {},
	adapter: 'node' | 'fetch' = 'node',
	options: { admin?: boolean } = {},
): Promise<TestProxy> {
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-'))
	const read = readEnvironment({
		TURSO_DATABASE_URL: `file:${folder}/test.db`,
		PROXY_ACCESS_KEY: accessKey,
		ENCRYPTION_KEY: 'an encryption key for tests only',
		...variables,
	})
	if (!read.ok) throw new Error(read.problems.join('\n'))
	const environment = {
		...read.environment,
		PROXY_ACCESS_KEY: accessKey,
		ENCRYPTION_KEY: 'an encryption key for tests only',
	}
	if (placeName !== undefined) {
		const { startPlacedProxy } = await import('./places/placed-proxy.ts')
		const placed = await startPlacedProxy(placeName, { variables, environment, folder })
		return completeProxy(placed, folder)
	}
	const lines: string[] = []
	const destination = { write: (line: string) => void lines.push(line) }
	const logger = await createLogger(environment.LOG_LEVEL, false, destination)
	const services = await createServices({ environment, logger, version: '0.0.0-test' })
	await migrateDatabase(services.database)
	const server =
		adapter === 'node'
			? createNodeServer(services, options.admin ? builtAdmin(projectRoot) : undefined)
			: createServer(getRequestListener(createFetchHandler(services), { overrideGlobalObjects: false }))
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const { port } = server.address() as AddressInfo
	const running = {
		...{ url: `http://127.0.0.1:${port}`, services, logs: () => lines.join('') },
		settle: async () => {},
		async close() {
			server.closeAllConnections()
			await new Promise(resolve => server.close(resolve))
			await services.close()
		},
	}
	return completeProxy(running, folder)
}

function completeProxy(running: PlacedProxy, folder: string): TestProxy {
	const { services } = running
	const repository = createConfigRepository(
		services.database,
		createKeyRing(services.environment.ENCRYPTION_KEY ?? ''),
	)
	const meta = { author: 'cli', message: 'test' } as const
	let count = 0
	return {
		...running,
		repository,
		async use(input, keys = ['sk-test-key-0123456789']) {
			count++
			const { id } = await repository.addUpstream({ name: `upstream ${count}`, ...input }, meta)
			if (keys.length > 0) await repository.addKeys(id, keys, meta)
			await repository.setCurrentUpstream(id, meta)
			await services.config.refresh()
			return id
		},
		async close() {
			await running.close()
			await rm(folder, { recursive: true, force: true })
		},
	}
}
