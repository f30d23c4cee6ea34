import type { Environment } from '../../core/config/environment.ts'
import type { Recorder } from '../../core/ports.ts'
import type { ProxyServices } from '../../core/proxy/request-scope.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import {
	type ConfigRepository,
	type ConfigStore,
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	createRequestLog,
	createTokenRates,
	type Database,
	openDatabase,
	type RequestLog,
} from '../../db/index.ts'
import { createRequestLogger, type Logger } from './logger.ts'
import { clock, random } from './runtime.ts'
import { createNodeTransport } from './transport/node-transport.ts'

/** Everything that lives as long as the process (or the warm function). */
export interface AppServices {
	environment: Environment
	accessKeys: { proxy: string; admin: string }
	database: Database
	config: ConfigStore
	repository: ConfigRepository
	requestLog: RequestLog
	proxy: ProxyServices
	logger: Logger
	startedAt: number
	version: string
	/** Writes what is still in memory and closes the database. */
	close(): Promise<void>
}

export interface AppServicesOptions {
	environment: Environment & { PROXY_ACCESS_KEY: string; ENCRYPTION_KEY: string }
	logger: Logger
	version: string
	/** Serverless: keeps the function alive for what happens after the answer. */
	defer?: (work: Promise<unknown>) => void
}

export async function createServices(options: AppServicesOptions): Promise<AppServices> {
	const { environment, logger, version, defer } = options
	const database = await openDatabase({
		url: environment.TURSO_DATABASE_URL,
		...(environment.TURSO_AUTH_TOKEN && { authToken: environment.TURSO_AUTH_TOKEN }),
	})
	const keyRing = createKeyRing(environment.ENCRYPTION_KEY)
	const config = createConfigStore({ database, keyRing, ...(defer && { defer }) })
	const tokenRates = createTokenRates({ database, ...(defer && { defer }) })
	const requestLog = createRequestLog({
		...{ database, ...(defer && { defer }) },
		alongside: rows =>
			tokenRates.statements(
				rows.map(({ upstream_id, upstream_model }) => ({ upstreamId: upstream_id, model: upstream_model })),
			),
	})
	const transport = createNodeTransport()
	const logRequest = createRequestLogger(logger, environment)
	const record: Recorder = finished => {
		tokenRates.observe(finished)
		requestLog.record(finished)
		logRequest(finished)
	}
	const proxy: ProxyServices = {
		...{ transport, clock, random, record, findAdapter },
		keyHealth: config,
		learnedFacts: config.learnedFacts,
		tokenRates,
		nextTurn: createTurns(),
		now: () => config.now(),
		reportFault: (error, id) => logger.error({ id, err: error }, 'a fault of the proxy itself'),
		silenceMs: environment.REQUEST_TIMEOUT,
	}
	return {
		...{ environment, database, config, requestLog, proxy, logger, version },
		repository: createConfigRepository(database, keyRing),
		accessKeys: {
			proxy: environment.PROXY_ACCESS_KEY,
			admin: environment.ADMIN_ACCESS_KEY || environment.PROXY_ACCESS_KEY,
		},
		startedAt: performance.now(),
		async close() {
			await Promise.all([config.flush(), requestLog.flush()])
			transport.close()
			database.close()
		},
	}
}

/**
 * Round robin without a database trip: each instance counts for itself from a random start, which over a few
 * hundred requests is even within some percent (docs/keys-and-failover.md).
 */
function createTurns(): (upstreamId: string) => number {
	const turns = new Map<string, number>()
	return upstreamId => {
		const turn = turns.get(upstreamId) ?? Math.floor(Math.random() * 1_000_000)
		turns.set(upstreamId, turn + 1)
		return turn
	}
}
