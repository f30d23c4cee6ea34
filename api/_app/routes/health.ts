import type { Snapshot, UpstreamSnapshot } from '../../../core/config/snapshot.ts'
import { coolingUntil, isUsable } from '../../../core/keys/strategy.ts'
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
		loadBalance: string
	}
	database: { ok: boolean; kind: 'file' | 'remote'; error?: string }
	/** Why it is not healthy; empty when it is. */
	reasons: string[]
}

/** Whether requests would be answered now. Reads what is in memory: safe to call often. */
export async function readHealth(services: AppServices): Promise<Health> {
	const snapshot = await Promise.resolve(services.config.current()).catch(() => undefined)
	const { ok, error } = services.config.status()
	const upstream = snapshot?.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	const now = services.config.now()
	const reasons = [
		...(ok ? [] : ['the database cannot be reached']),
		...(snapshot ? judgeConfig(snapshot, upstream, now) : ['the configuration was never read']),
	]
	return {
		status: !snapshot ? 'unhealthy' : reasons.length > 0 ? 'degraded' : 'healthy',
		timestamp: new Date().toISOString(),
		uptime: Math.round(performance.now() - services.startedAt) / 1000,
		mode: services.environment.NODE_ENV,
		version: services.version,
		config: describeConfig(services, snapshot, upstream),
		database: { ok, kind: services.database.location, ...(error !== undefined && { error }) },
		reasons,
	}
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
		loadBalance: snapshot?.strategy ?? services.environment.LOAD_BALANCE_STRATEGY,
	}
}

function judgeConfig(snapshot: Snapshot, upstream: UpstreamSnapshot | undefined, now: number): string[] {
	if (snapshot.upstreams.length === 0) return ['no upstream is configured']
	if (!upstream) return ['no upstream is current']
	if (!upstream.enabled) return [`the current upstream "${upstream.name}" is switched off`]
	const usable = upstream.keys.filter(isUsable)
	if (usable.length === 0) return [`the current upstream "${upstream.name}" has no usable key`]
	const cooling = usable.every(key => coolingUntil(key, '') > now)
	return cooling ? [`all keys of the current upstream "${upstream.name}" are cooling`] : []
}
