import type { Formats } from '../i18n/formats.ts'
import type { Messages } from '../i18n/messages/en/index.ts'
import type { RequestDetail } from './types.ts'

export type Verdict = 'ok' | 'failed' | 'cancelled' | 'refused'

/** The four ways that a request ends, whatever the class of the failure. */
export function judge({ outcome }: { outcome: string }): Verdict {
	if (outcome === 'ok' || outcome === 'cancelled' || outcome === 'refused') return outcome
	return 'failed'
}

/** The class of a failure; undefined for what did not fail. */
export function classOf(request: { outcome: string; class: string | null }): string | undefined {
	const verdict = judge(request)
	if (verdict === 'ok' || verdict === 'cancelled') return undefined
	return request.class ?? (request.outcome === 'failed' ? undefined : request.outcome)
}

/** What happened to a request in one sentence. */
export function describeVerdict(
	request: RequestDetail,
	words: Messages['requests']['verdict'],
	formats: Formats,
): string {
	const time = formats.latency(request.totalMs)
	const upstream = request.upstreamName ?? '?'
	const key = request.keyMask ?? '?'
	const tries = request.attempts.length
	switch (judge(request)) {
		case 'ok':
			return tries > 1 ? words.answeredLater(upstream, key, tries, time) : words.answered(upstream, key, time)
		case 'cancelled':
			return words.cancelled(time)
		case 'refused':
			return words.refused(request.status)
		case 'failed':
			// A status of success is out already when an answer breaks off.
			if (request.status < 400) return words.broken(upstream, time)
			return tries === 0 ? words.refused(request.status) : words.failed(upstream, tries, time)
	}
}
