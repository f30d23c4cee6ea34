import type { ConfigView } from '../../../../core/views/upstream-view.ts'

/** Requests of one upstream: the last 24 hours by hour, oldest first. */
export interface UpstreamTraffic {
	upstreamId: string
	requests: number
	failed: number
	/** Their client went away first: neither good nor failed. */
	cancelled: number
	sparkline: readonly number[]
	errors: readonly number[]
}

/** `GET /api/status` in full. */
export interface Status extends ConfigView {
	cursor: string
	/** Database clock. */
	now: number
	stateVersion: number
	/** What `GET /health` says. */
	health: unknown
	/** The last 24 hours; `from` is the start of the first. */
	traffic: { from: number; upstreams: readonly UpstreamTraffic[] }
}

export type StatusAnswer = Status | { cursor: string; unchanged: true; now: number }

/** `asking`: no answer yet. `stale`: there was one, and the latest attempts failed. */
export type Contact = 'asking' | 'live' | 'stale'

const intervalMs = 5000
const longestIntervalMs = 60_000

/** How long until the next question after a number of failures in a row: 5 s, then doubling up to a minute. */
export function nextPollMs(failures: number): number {
	return Math.min(intervalMs * 2 ** Math.min(failures, 10), longestIntervalMs)
}

/** Whether an answer is newer than what is shown: a slow answer must not overwrite a later one. */
export function isNewer(answer: { now: number }, shown: { now: number } | undefined): boolean {
	return shown === undefined || answer.now >= shown.now
}
