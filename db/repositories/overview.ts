import type { Database } from '../client.ts'
import { NOW, type Row } from '../sql.ts'
import { type LoadedConfig, loadConfigRow } from './config-load.ts'

/** Hours of traffic that are told; the last one is the present one. */
const TRAFFIC_HOURS = 24
const HOUR_MS = 3_600_000

/** What an upstream was asked for in the last 24 hours, by the hour. */
export interface UpstreamTraffic {
	upstreamId: string
	requests: number
	failed: number
	/** Their client went away first: neither good nor failed. */
	cancelled: number
	/** Requests per hour, oldest first. */
	sparkline: number[]
	/** Those of them that failed. */
	errors: number[]
}

export interface Traffic {
	/** Start of the first hour, epoch ms. */
	from: number
	/** Upstreams that were asked at all; some may be gone by now. */
	upstreams: UpstreamTraffic[]
}

export interface KeyUse {
	/** Keys that stand further back than before their latest demotion. */
	demotedKeys: ReadonlySet<string>
	/** When each key last answered, epoch ms; as far back as requests are kept. */
	lastUsed: ReadonlyMap<string, number>
}

/** The configuration with what is known of its keys and of its use: all that the admin's first page shows. */
export interface Overview extends KeyUse {
	config: LoadedConfig
	traffic: Traffic
}

const TRAFFIC = `(SELECT json_group_array(json_array(upstream_id, hour, requests, failed, cancelled)) FROM
	(SELECT upstream_id, start / ${HOUR_MS} AS hour, sum(requests) AS requests, sum(failed) AS failed,
		sum(cancelled) AS cancelled FROM usage
		WHERE grain = 60 AND start > ${NOW} - ${TRAFFIC_HOURS * HOUR_MS} AND upstream_id <> ''
		GROUP BY upstream_id, start)) AS traffic`
/**
 * By the latest event that moved a key. SQLite takes the other columns from the row that has the maximum:
 * https://sqlite.org/lang_select.html#bareagg
 */
const DEMOTED = `(SELECT json_group_array(k.id) FROM upstream_keys k JOIN
	(SELECT key_id, kind, from_position, max(at) FROM key_events WHERE kind IN ('demoted', 'promoted') GROUP BY key_id) e
	ON e.key_id = k.id WHERE e.kind = 'demoted' AND k.position > coalesce(e.from_position, 0)) AS demoted`
const LAST_USED = `(SELECT json_group_array(json_array(k.id, (SELECT max(at) FROM request_log WHERE key_id = k.id)))
	FROM upstream_keys k) AS last_used`

/** One trip. */
export async function readOverview(database: Database): Promise<Overview> {
	const { config, row } = await loadConfigRow(database, [TRAFFIC, DEMOTED, LAST_USED])
	const lastUsed = JSON.parse(String(row.last_used)) as [keyId: string, at: number | null][]
	return {
		config,
		traffic: readTraffic(row, config.databaseNow),
		demotedKeys: new Set(JSON.parse(String(row.demoted)) as string[]),
		lastUsed: new Map(lastUsed.map(([keyId, at]) => [keyId, at ?? 0])),
	}
}

function readTraffic(row: Row, now: number): Traffic {
	const firstHour = Math.floor(now / HOUR_MS) - TRAFFIC_HOURS + 1
	const byUpstream = new Map<string, UpstreamTraffic>()
	for (const tuple of JSON.parse(String(row.traffic)) as TrafficTuple[]) {
		const [upstreamId, hour, requests, failed, cancelled] = tuple
		const known = byUpstream.get(upstreamId) ?? emptyTraffic(upstreamId)
		byUpstream.set(upstreamId, known)
		known.requests += requests
		known.failed += failed
		known.cancelled += cancelled
		known.sparkline[hour - firstHour] = requests
		known.errors[hour - firstHour] = failed
	}
	return { from: firstHour * HOUR_MS, upstreams: [...byUpstream.values()] }
}

type TrafficTuple = [upstreamId: string, hour: number, requests: number, failed: number, cancelled: number]

function emptyTraffic(upstreamId: string): UpstreamTraffic {
	const hours = () => Array.from({ length: TRAFFIC_HOURS }, () => 0)
	return { upstreamId, requests: 0, failed: 0, cancelled: 0, sparkline: hours(), errors: hours() }
}
