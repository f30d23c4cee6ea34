import type { Environment } from '../../core/config/environment.ts'
import { defaultRecording } from '../../core/config/recording.ts'
import { listSentSecrets } from '../../core/keys/sent-secrets.ts'
import type { Recorder } from '../../core/ports.ts'
import type { ProxyServices } from '../../core/proxy/request-scope.ts'
import { createUpstreamSlots } from '../../core/proxy/upstream-slots.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import {
	type ConfigRepository,
	type ConfigStore,
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	createPayloadLog,
	createRequestLog,
	createTokenRates,
	type Database,
	openDatabase,
	type PayloadLog,
	type RequestLog,
} from '../../db/index.ts'
import { createRequestLogger, keepFromLog, type Logger, nameRequest } from './logger.ts'
import { createObservation, type Observation, watchKeys } from './observation.ts'
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
	/** The bodies of requests, where they are recorded. */
	payloads: PayloadLog
	proxy: ProxyServices
	observation: Observation
	logger: Logger
	startedAt: number
	version: string
	/** Writes what is still in memory. Never rejects. */
	flush(): Promise<void>
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
	const payloads = createPayloadLog({
		...{ database, keyRing, ...(defer && { defer }) },
		secrets: () => ({ own: listOwnSecrets(environment), upstreams: listUpstreamSecrets(config) }),
		keepDays: () => (config.peek()?.recording ?? defaultRecording).days,
	})
	const requestLog = createRequestLog({
		...{ database, ...(defer && { defer }) },
		alongside: records => [
			...tokenRates.statements(
				records.map(({ upstreamId = null, upstreamModel: model }) => ({ upstreamId, model })),
			),
			...payloads.pruneStatements(),
		],
	})
	const transport = createNodeTransport()
	hideSecrets(logger, environment, config)
	const observation = await createObservation({
		...{ environment, logger, version, database, keyRing, config, transport },
		...(defer && { defer }),
	})
	const logRequest = createRequestLogger(logger, environment)
	const record: Recorder = finished => {
		tokenRates.observe(finished)
		requestLog.record(finished)
		logRequest(finished)
		observation.record(finished)
	}
	const proxy: ProxyServices = {
		...{ transport, clock, random, record, findAdapter },
		keepRecording: payloads.keep,
		keyHealth: watchKeys(config, observation.incidents),
		learnedFacts: config.learnedFacts,
		tokenRates,
		nextTurn: createTurns(),
		now: () => config.now(),
		reportFault: (error, id, traceId) =>
			logger.error({ ...nameRequest({ id, traceId }), err: error }, 'a fault of the proxy itself'),
		silenceMs: environment.REQUEST_TIMEOUT,
		firstContentMs: environment.FIRST_CONTENT_TIMEOUT,
		slots: createUpstreamSlots({
			clock,
			maxWaiting: environment.MAX_QUEUED_REQUESTS,
			patienceMs: environment.QUEUE_TIMEOUT,
		}),
	}
	const flush = async () => {
		await Promise.all([config.flush(), requestLog.flush(), payloads.flush(), observation.flush()])
	}
	return {
		...{ environment, database, config, requestLog, payloads, proxy, logger, version, flush, observation },
		repository: createConfigRepository(database, keyRing),
		accessKeys: {
			proxy: environment.PROXY_ACCESS_KEY,
			admin: environment.ADMIN_ACCESS_KEY || environment.PROXY_ACCESS_KEY,
		},
		startedAt: performance.now(),
		async close() {
			await Promise.all([config.flush(), requestLog.flush(), payloads.flush(), observation.close()])
			transport.close()
			database.close()
		},
	}
}

/** Whatever a line of the log is about: these are never in it. */
function hideSecrets(logger: Logger, environment: Environment, config: ConfigStore): void {
	const fixed = listOwnSecrets(environment)
	keepFromLog(logger, { version: () => 0, list: () => fixed })
	keepFromLog(logger, {
		version: () => config.peek()?.revision,
		list: () => listUpstreamSecrets(config),
	})
}

function listOwnSecrets(environment: Environment): string[] {
	const { PROXY_ACCESS_KEY, ADMIN_ACCESS_KEY, ENCRYPTION_KEY, TURSO_AUTH_TOKEN, METRICS_KEY } = environment
	const own = [PROXY_ACCESS_KEY, ADMIN_ACCESS_KEY, TURSO_AUTH_TOKEN, METRICS_KEY]
	const ring = ENCRYPTION_KEY?.split(',').flatMap(part => [part.trim(), part.split(':').at(-1)?.trim()])
	return [...own, ENCRYPTION_KEY, ...(ring ?? [])].filter(secret => secret !== undefined)
}

const listUpstreamSecrets = (config: ConfigStore): string[] =>
	(config.peek()?.upstreams ?? []).flatMap(upstream => [
		...upstream.keys.map(key => key.secret ?? ''),
		...listSentSecrets(upstream),
	])

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
