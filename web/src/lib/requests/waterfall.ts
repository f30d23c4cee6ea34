import type { Attempt, RequestDetail } from './types.ts'

export type PartName = 'queue' | 'select' | 'connect' | 'wait' | 'stream'

/** Of 1: where on the axis. */
export interface Part {
	name: PartName
	ms: number
	start: number
	width: number
}

export interface Waterfall {
	totalMs: number
	/** Before the first attempt. */
	proxy: readonly Part[]
	attempts: readonly (readonly Part[])[]
}

type Piece = readonly [name: PartName, ms: number | null]

/**
 * Where the time of a request went. What was not measured has no part; no bar leaves the axis, also where the clocks
 * of parts and whole do not agree to the millisecond.
 */
export function layOutWaterfall(request: Pick<RequestDetail, 'attempts' | 'times'>): Waterfall {
	const { selectMs } = request.times
	// It arrived when its turn came: all else is counted from there.
	const queueMs = request.times.queueMs ?? 0
	const totalMs = Math.max(1, queueMs + request.times.totalMs)
	const lay = (from: number, pieces: readonly Piece[]) => layOut(from, pieces, totalMs)
	let end = queueMs + (selectMs ?? 0)
	const attempts = request.attempts.map(attempt => {
		const start = attempt.startMs === null ? end : queueMs + attempt.startMs
		end = start + attempt.ms
		return lay(start, splitAttempt(attempt))
	})
	const proxy: readonly Piece[] = [
		['queue', queueMs],
		['select', selectMs],
	]
	return { totalMs, proxy: lay(0, proxy), attempts }
}

/** A kept connection was not made anew; an attempt without a first byte waited until its end. */
function splitAttempt({ ms, connectMs, firstByteMs }: Attempt): Piece[] {
	const connected = Math.min(connectMs ?? 0, ms)
	const answered = firstByteMs ?? ms
	return [
		['connect', connected],
		['wait', Math.min(ms, answered) - connected],
		['stream', ms - Math.min(ms, answered)],
	]
}

function layOut(from: number, pieces: readonly Piece[], totalMs: number): Part[] {
	let at = from
	return pieces.flatMap(([name, ms]) => {
		if (ms === null || ms <= 0) return []
		const start = Math.min(1, at / totalMs)
		at += ms
		return [{ name, ms, start, width: Math.min(1, at / totalMs) - start }]
	})
}
