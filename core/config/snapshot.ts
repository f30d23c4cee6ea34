import type { Recording } from './recording.ts'
import type { Strategy, UpstreamConfig } from './upstream.ts'

/** All that a request needs of the database, as of one revision. Immutable: shared by concurrent requests. */
export interface Snapshot {
	/** Number of human changes so far. */
	readonly revision: number
	/** Rises with every automatic change of order (demotions). */
	readonly stateVersion: number
	readonly strategy: Strategy
	/** Absent: nothing is recorded. */
	readonly recording?: Recording
	readonly currentUpstreamId: string | undefined
	/** In display order. */
	readonly upstreams: readonly UpstreamSnapshot[]
}

export interface UpstreamSnapshot extends UpstreamConfig {
	readonly id: string
	/** In order: `failover` prefers the first. */
	readonly keys: readonly KeySnapshot[]
}

export interface KeySnapshot {
	readonly id: string
	/** The key itself; undefined when it cannot be opened with the ENCRYPTION_KEY at hand. */
	readonly secret: string | undefined
	/** Safe to show: `sk-ant-…9f2a`. */
	readonly mask: string
	readonly enabled: boolean
	/** Health by scope: `''` for the key as a whole, a model name for that model's rate limit. */
	readonly health: ReadonlyMap<string, KeyHealth>
}

export interface KeyHealth {
	/** Epoch ms by the database's clock; 0 or past: not cooling. */
	readonly cooldownUntil: number
	/** Incidents in a row. */
	readonly streak: number
	/** Epoch ms until which some request tries whether the key works again, its cooldown being over. */
	readonly probeUntil: number
}
