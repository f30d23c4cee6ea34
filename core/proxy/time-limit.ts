import type { Clock, TransportFault } from '../ports.ts'
import { ProxyError } from './errors.ts'

/** Time kept for the last event and the records, ms; of a very short limit, a fifth. */
const reserveMs = 5000

export interface TimeLimit {
	/** Aborts shortly before the platform would cut the request off; undefined where nothing does. */
	signal: AbortSignal | undefined
	/** Frees the timer. */
	release(): void
}

/**
 * Serverless platforms end a request after a fixed time, whatever it is doing: a stream would break off in the middle
 * of a line. Ours ends before, and says why. Source: https://vercel.com/docs/functions/configuring-functions/duration
 */
export function startTimeLimit(clock: Clock, endsAt: number | undefined): TimeLimit {
	if (endsAt === undefined) return noLimit
	const controller = new AbortController()
	const left = Math.max(0, endsAt - clock.elapsed())
	const release = clock.after(left - Math.min(reserveMs, left / 5), () => controller.abort())
	return { signal: controller.signal, release }
}

const noLimit: TimeLimit = { signal: undefined, release() {} }

export const outOfTime: TransportFault = {
	class: 'timeout',
	message:
		'this deployment may not work longer on one request (MAX_DURATION), and the upstream had not finished: ask for a shorter answer, or run claude-proxy where requests may take longer',
}

/** For an answer that has not begun. Trying again would take as long. */
export const outOfTimeError = (): ProxyError =>
	new ProxyError(504, outOfTime.message, { type: 'timeout_error', headers: { 'x-should-retry': 'false' } })
