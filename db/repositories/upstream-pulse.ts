import type { Database } from '../client.ts'
import { NOW } from '../sql.ts'

/** How an upstream has been answering lately. */
export interface UpstreamPulse {
	upstreamId: string
	/** Of its latest good answers: until the first content, or of all of it where that is not known; median, ms. */
	latencyMs: number | undefined
	lastError: { requestId: string; at: number; outcome: string; status: number; message: string } | undefined
}

const DAY_MS = 24 * 3_600_000
/** Newest requests that are looked at, of all upstreams together. */
const MAX_ROWS = 1000

const LATEST = `SELECT id, upstream_id, at, outcome, status, details ->> '$.e' AS error_message,
	coalesce(details ->> '$.f', total_ms) AS ms FROM request_log WHERE at > ${NOW} - ${DAY_MS} AND upstream_id IS NOT NULL ORDER BY at DESC LIMIT ${MAX_ROWS}`

/** Outcomes that say nothing about the upstream. */
const notItsFault: ReadonlySet<string> = new Set(['ok', 'cancelled', 'refused'])
/** Answers that a median is taken of. */
const SAMPLE = 50

/** One trip. */
export async function readPulse(database: Database): Promise<UpstreamPulse[]> {
	const pulses = new Map<string, UpstreamPulse & { samples: number[] }>()
	for (const row of await database.execute(LATEST)) {
		const upstreamId = String(row.upstream_id)
		const pulse = pulses.get(upstreamId) ?? {
			...{ upstreamId, latencyMs: undefined, lastError: undefined, samples: [] },
		}
		pulses.set(upstreamId, pulse)
		const outcome = String(row.outcome)
		if (outcome === 'ok' && pulse.samples.length < SAMPLE) pulse.samples.push(Number(row.ms))
		if (notItsFault.has(outcome)) continue
		const [requestId, message] = [String(row.id), String(row.error_message ?? '')]
		pulse.lastError ??= { requestId, at: Number(row.at), outcome, status: Number(row.status), message }
	}
	return [...pulses.values()].map(({ samples, ...pulse }) => ({ ...pulse, latencyMs: median(samples) }))
}

function median(values: readonly number[]): number | undefined {
	const sorted = [...values].sort((one, other) => one - other)
	return sorted[Math.floor(sorted.length / 2)]
}
