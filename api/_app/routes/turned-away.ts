import type { Clock } from '../../../core/ports.ts'
import type { ProxyError } from '../../../core/proxy/errors.ts'
import { RequestDraft } from '../../../core/proxy/request-draft.ts'
import type { AppServices } from '../services.ts'
import { readTraceId } from '../telemetry/trace-context.ts'
import type { HotRequest } from './entrance.ts'

/** @param problem why it may not come in; undefined: the client left before it could */
export type LogTurnedAway = (
	request: HotRequest,
	requestId: string,
	problem: Pick<ProxyError, 'status' | 'message'> | undefined,
) => void

/** Rows a minute of each process: a client that asks again and again must not push the others out of the log. */
export const rowsPerMinute = 100
/**
 * Anybody can cause those of a wrong key: enough are kept for the one who has just mistyped his own to see why nothing
 * works, too few for strangers to fill anything.
 */
export const strangersPerMinute = 10
const minuteMs = 60_000

/** Puts messages requests that were turned away at the entrance into the request log. */
export function createTurnedAwayLog({ proxy }: Pick<AppServices, 'proxy'>): LogTurnedAway {
	const { clock } = proxy
	const mayLog = createAllowance(clock, rowsPerMinute)
	const mayLogStranger = createAllowance(clock, strangersPerMinute)
	return (request, requestId, problem) => {
		// Browsers and scanners ask with GET: that is no request for messages.
		if (problem?.status === 405) return
		if (!(problem?.status === 401 ? mayLogStranger() : mayLog())) return
		const traceId = readTraceId(request.headers.traceparent)
		const draft = new RequestDraft(proxy, {
			...{ ...request, body: new Uint8Array(), requestId },
			...(traceId !== undefined && { traceId }),
		})
		if (problem) draft.refuse(problem.status, problem.message)
		else draft.cancel()
		proxy.record(draft.finish())
	}
}

function createAllowance(clock: Pick<Clock, 'elapsed'>, perMinute: number): () => boolean {
	let minute = 0
	let used = 0
	return () => {
		const now = Math.floor(clock.elapsed() / minuteMs)
		used = now === minute ? used + 1 : 1
		minute = now
		return used <= perMinute
	}
}
