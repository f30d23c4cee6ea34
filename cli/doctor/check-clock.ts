import type { Transport } from '../../core/ports.ts'
import type { NewestTime } from '../../db/index.ts'
import { advise, type Finding, inArea } from './finding.ts'

const { ok, warn } = inArea('clock')
const synchronize = advise('let the computer set its clock from the network')

/** More than this confuses cooldowns in the eyes of people, not in ours: those go by the database's clock. */
const skewLimitMs = 5000

/** Of a server: what its clock says, and what ours said when it was asked. */
export function compareWithServer(databaseNow: number, readAt: number): Finding {
	const skewMs = Math.round(databaseNow - readAt)
	if (Math.abs(skewMs) <= skewLimitMs) return ok('as the one of the database')
	const text = `${describeSpan(skewMs)} ${skewMs > 0 ? 'behind' : 'ahead of'} the database: keys and certificates may be misjudged`
	return warn(text, synchronize)
}

/** Of a file, whose clock is ours: it was set back if something stored comes from the future. */
export function compareWithStored({ newest, now }: NewestTime): Finding {
	const aheadMs = newest - now
	if (aheadMs <= skewLimitMs) return ok('nothing stored is newer than now')
	const text = `${describeSpan(aheadMs)} behind the newest entry of the database: it went back, or was wrong then; keys that cool may cool longer`
	return warn(text, synchronize)
}

/** `Date` has whole seconds and has been on its way; this much more is no clock that runs well. */
const upstreamLimitMs = 60_000

export interface WatchedDates {
	transport: Transport
	/** By host, how far its clock was ahead of ours, ms. */
	aheadMs: ReadonlyMap<string, number>
}

/** A transport that compares clocks. Source: RFC 9110 section 6.6.1 (`Date`: when the answer was made) */
export function watchDates(transport: Transport, now: () => number): WatchedDates {
	const aheadMs = new Map<string, number>()
	return {
		aheadMs,
		transport: (request, route, handler) =>
			transport(request, route, {
				connected: () => handler.connected?.(),
				head(status, headers) {
					const made = Date.parse(headers.date ?? '')
					if (!Number.isNaN(made)) aheadMs.set(URL.parse(request.url)?.host ?? '', made - now())
					handler.head(status, headers)
				},
				data: bytes => handler.data(bytes),
				ended: () => handler.ended(),
				failed: fault => handler.failed(fault),
			}),
	}
}

/** One upstream whose clock is wrong says nothing of ours; where none agrees with ours, ours is. */
export function compareWithUpstreams(aheadMs: ReadonlyMap<string, number>): Finding[] {
	const [nearest] = [...aheadMs].sort(([, one], [, other]) => Math.abs(one) - Math.abs(other))
	if (nearest === undefined) return []
	const [host, skewMs] = nearest
	if (Math.abs(skewMs) <= upstreamLimitMs) return [ok(`within a minute of the one of ${host}`)]
	const span = describeSpan(skewMs)
	const place = skewMs > 0 ? `${span} behind the one of ${host}` : `${span} ahead of the one of ${host}`
	return [warn(`${place}: certificates may be misjudged, and signed requests refused`, synchronize)]
}

function describeSpan(ms: number): string {
	const seconds = Math.round(Math.abs(ms) / 1000)
	if (seconds < 120) return `${seconds} s`
	return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
