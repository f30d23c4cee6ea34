import type { Snapshot, UpstreamSnapshot } from '../../../core/config/snapshot.ts'
import { coolingUntil } from '../../../core/keys/readiness.ts'
import { isUsable } from '../../../core/keys/strategy.ts'
import type { HeaderMap } from '../../../core/upstreams/contract.ts'
import type { ConfigStore, ConfigStoreStatus, DatabaseErrorCode } from '../../../db/index.ts'
import { corsHeaders } from '../cors.ts'
import { recentMs } from '../metrics/recent-traffic.ts'
import type { AppServices } from '../services.ts'

export interface Health {
	status: 'healthy' | 'degraded' | 'unhealthy'
	timestamp: string
	/** Seconds. */
	uptime: number
	mode: string
	version: string
	config: {
		upstreamCount: number
		/** Index in display order, as the original system counts; null when none is current. */
		currentUpstream: number | null
		currentUpstreamName: string | null
		/** Keys of the current upstream that could be used now, and all of them. */
		usableKeys: number
		keys: number
		/** Of the usable ones, those that cool; when the first of them is ready, if all do. */
		coolingKeys: number
		readyAt: string | null
		loadBalance: string
	}
	database: {
		ok: boolean
		kind: 'file' | 'remote'
		error?: string
		/** Requests whose log waits for the database, and those that were given up since the start. */
		waiting: number
		dropped: number
	}
	/** In this process: what it answers now, and how the last five minutes went (who left is not counted). */
	requests: { open: number; waiting: number; recent: { seconds: number; requests: number; failed: number } }
	/** Why it is not healthy; empty when it is. */
	reasons: string[]
}

/** Whether requests would be answered now. Reads what is in memory: safe to call often. */
export async function readHealth(services: AppServices): Promise<Health> {
	const snapshot = await Promise.resolve(services.config.current()).catch(() => undefined)
	const upstream = snapshot?.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	const config = services.config.status()
	const log = services.requestLog.stats()
	const error = config.error ?? log.error
	services.observation.incidents.look()
	const reasons = [
		...judgeDatabase(services),
		...judgeTraffic(services),
		...(snapshot ? judgeConfig(services.config, snapshot, upstream) : ['the configuration was never read']),
	]
	return {
		status: !snapshot ? 'unhealthy' : reasons.length > 0 ? 'degraded' : 'healthy',
		timestamp: new Date().toISOString(),
		uptime: Math.round(performance.now() - services.startedAt) / 1000,
		mode: services.environment.NODE_ENV,
		version: services.version,
		config: describeConfig(services, snapshot, upstream),
		database: {
			ok: error === undefined,
			kind: services.database.location,
			...(error !== undefined && { error }),
			waiting: log.pending + config.health.pending,
			dropped: log.dropped + config.health.dropped,
		},
		requests: describeRequests(services),
		reasons,
	}
}

/** The answer of the health check to a request with these headers. */
export async function answerHealth(services: AppServices, headers: HeaderMap) {
	const body = await readHealth(services)
	return {
		status: body.status === 'unhealthy' ? (503 as const) : (200 as const),
		headers: { ...corsHeaders(services.environment, headers), 'cache-control': 'no-store' },
		body,
	}
}

function describeRequests({ observation: { gate, traffic } }: AppServices): Health['requests'] {
	const recent = { seconds: recentMs / 1000, ...traffic.sums() }
	return { open: gate.running, waiting: gate.waiting, recent }
}

/** Half of at least this many are more than bad luck. */
const fewRequests = 10

function judgeTraffic({ observation: { traffic } }: AppServices): string[] {
	const { requests, failed } = traffic.sums()
	if (requests < fewRequests || failed * 2 < requests) return []
	return [`${failed} of the last ${requests} requests failed: see the request log`]
}

/** What an error's own message does not say: what to do about it. */
const remedies: Partial<Record<DatabaseErrorCode, string>> = {
	unreachable: 'See that it runs and that TURSO_DATABASE_URL is right; it is tried again by itself.',
}

/** What is wrong with the database and what to do about it; empty when nothing is. No secret in it. */
export function judgeDatabase({ config, requestLog }: AppServices): string[] {
	const { error, errorCode, snapshotAgeMs, schema } = config.status()
	const log = requestLog.stats()
	const reasons: string[] = []
	if (error !== undefined) {
		const remedy = errorCode === undefined ? undefined : remedies[errorCode]
		const age = Math.round(snapshotAgeMs / 1000)
		const served = Number.isFinite(age)
			? `Requests are answered with the configuration of ${age} s ago.`
			: undefined
		reasons.push([error, remedy, served].filter(text => text !== undefined).join(' '))
	}
	if (log.error !== undefined && log.error !== error) {
		reasons.push(`The request log cannot be written (${log.pending} wait): ${log.error}`)
	}
	return schema === undefined ? reasons : [...reasons, ...judgeSchema(schema)]
}

function judgeSchema({ version, codeVersion }: NonNullable<ConfigStoreStatus['schema']>): string[] {
	if (version === codeVersion) return []
	return version > codeVersion
		? [
				`the database belongs to a newer claude-proxy (schema ${version}, this one knows ${codeVersion}): requests are answered, changes are refused until this one is updated`,
			]
		: [`the database has schema ${version}, this version needs ${codeVersion}: run npm run db:migrate`]
}

function describeConfig(
	services: AppServices,
	snapshot: Snapshot | undefined,
	upstream: UpstreamSnapshot | undefined,
) {
	const index = upstream && snapshot ? snapshot.upstreams.indexOf(upstream) : -1
	return {
		upstreamCount: snapshot?.upstreams.length ?? 0,
		currentUpstream: index === -1 ? null : index,
		currentUpstreamName: upstream?.name ?? null,
		usableKeys: upstream?.keys.filter(isUsable).length ?? 0,
		keys: upstream?.keys.length ?? 0,
		...describeCooling(services, upstream),
		loadBalance: snapshot?.strategy ?? services.environment.LOAD_BALANCE_STRATEGY,
	}
}

function describeCooling({ config }: AppServices, upstream: UpstreamSnapshot | undefined) {
	const untils = coolingUntils(config, upstream?.keys.filter(isUsable) ?? [])
	const cooling = untils.filter(until => until > config.now())
	const all = cooling.length > 0 && cooling.length === untils.length
	const readyAt = all ? new Date(Math.min(...cooling)).toISOString() : null
	return { coolingKeys: cooling.length, readyAt }
}

const coolingUntils = (config: ConfigStore, keys: UpstreamSnapshot['keys']) =>
	keys.map(({ id }) => coolingUntil(config.healthOf(id), ''))

function judgeConfig(
	config: ConfigStore,
	snapshot: Snapshot,
	upstream: UpstreamSnapshot | undefined,
): string[] {
	if (snapshot.upstreams.length === 0) return ['no upstream is configured']
	if (!upstream) return ['no upstream is current']
	if (!upstream.enabled) return [`the current upstream "${upstream.name}" is switched off`]
	const usable = upstream.keys.filter(isUsable)
	if (usable.length === 0) return [`the current upstream "${upstream.name}" has no usable key`]
	const soonest = Math.min(...coolingUntils(config, usable))
	if (soonest <= config.now()) return []
	const at = new Date(soonest).toISOString().slice(11, 19)
	return [`all keys of the current upstream "${upstream.name}" are cooling; the first is ready at ${at} UTC`]
}
