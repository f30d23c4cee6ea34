import type { AttemptRecord } from '../../../../core/ports.ts'
import type { RequestDetail } from './types.ts'

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

type Piece = readonly [name: PartName, ms: number | null | undefined]

/**
 * Where the time of a request went. What was not measured has no part; no bar leaves the axis, also where the clocks
 * of parts and whole do not agree to the millisecond.
 */
export function layOutWaterfall(request: Pick<RequestDetail, 'attempts' | 'times' | 'totalMs'>): Waterfall {
	const { queueMs, selectMs } = request.times
	const totalMs = Math.max(1, request.totalMs, request.times.totalMs)
	const lay = (from: number, pieces: readonly Piece[]) => layOut(from, pieces, totalMs)
	const before = (queueMs ?? 0) + (selectMs ?? 0)
	let end = before
	const attempts = request.attempts.map(attempt => {
		const start = attempt.startMs ?? end
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
function splitAttempt({ ms, connectMs, firstByteMs }: AttemptRecord): Piece[] {
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
		if (ms === null || ms === undefined || ms <= 0) return []
		const start = Math.min(1, at / totalMs)
		at += ms
		return [{ name, ms, start, width: Math.min(1, at / totalMs) - start }]
	})
}
