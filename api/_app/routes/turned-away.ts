import type { ProxyError } from '../../../core/proxy/errors.ts'
import { createRequestDraft } from '../../../core/proxy/request-draft.ts'
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
const minuteMs = 60_000

/** Anybody can cause these, without a key: they are counted by the metrics alone. */
const anybodys: readonly number[] = [401, 405]

/** Puts messages requests that were turned away at the entrance into the request log. */
export function createTurnedAwayLog({ proxy }: Pick<AppServices, 'proxy'>): LogTurnedAway {
	let minute = 0
	let rows = 0
	return (request, requestId, problem) => {
		if (problem !== undefined && anybodys.includes(problem.status)) return
		const now = Math.floor(proxy.clock.elapsed() / minuteMs)
		rows = now === minute ? rows + 1 : 1
		minute = now
		if (rows > rowsPerMinute) return
		const traceId = readTraceId(request.headers.traceparent)
		const draft = createRequestDraft(proxy, {
			...{ ...request, body: new Uint8Array(), requestId },
			...(traceId !== undefined && { traceId }),
		})
		if (problem) draft.refuse(problem.status, problem.message)
		else draft.cancel()
		proxy.record(draft.finish())
	}
}
