export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** What `GET /health` tells; everything but the status may be missing in an older or newer server's answer. */
export interface Health {
	status: HealthStatus
	version?: string
	/** Seconds. */
	uptime?: number
	mode?: string
	upstreamCount?: number
	/** Its place in the list, from 0; null when none is chosen. */
	currentUpstream: number | null
	currentUpstreamName?: string
	/** Keys of the current upstream: all of them, and those that are switched on and can be read. */
	keyCount?: number
	usableKeyCount?: number
	strategy?: string
	database?: { ok: boolean; kind?: string }
}

const statuses: readonly string[] = ['healthy', 'degraded', 'unhealthy'] satisfies HealthStatus[]

/** Reads a health answer; undefined when it is something else, such as a page. */
export function parseHealth(json: unknown): Health | undefined {
	const root = asRecord(json)
	if (typeof root.status !== 'string' || !statuses.includes(root.status)) return undefined
	const config = asRecord(root.config)
	const current = asNumber(config.currentUpstream)
	return {
		status: root.status as HealthStatus,
		version: asText(root.version),
		uptime: asNumber(root.uptime),
		mode: asText(root.mode),
		upstreamCount: asNumber(config.upstreamCount),
		currentUpstream: current === undefined || current < 0 ? null : current,
		currentUpstreamName: asText(config.currentUpstreamName),
		keyCount: asNumber(config.keys),
		usableKeyCount: asNumber(config.usableKeys),
		strategy: asText(config.loadBalance),
		database: readDatabase(root.database),
	}
}

function readDatabase(json: unknown): Health['database'] {
	const database = asRecord(json)
	return typeof database.ok === 'boolean' ? { ok: database.ok, kind: asText(database.kind) } : undefined
}

const asRecord = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const asNumber = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
