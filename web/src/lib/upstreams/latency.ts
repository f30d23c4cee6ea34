import type { ProbeResult } from '../../../../core/proxy/probe-result.ts'

/** Older results are dimmed and say their age. */
export const staleAfterMs = 3_600_000

/** Up to half a second nobody notices, up to one and a half one does. */
export function gradeLatency(ms: number): 'good' | 'fair' | 'bad' {
	if (ms < 500) return 'good'
	return ms < 1500 ? 'fair' : 'bad'
}

/** Of the requests that ended, how many failed: one whose client went away says nothing. Null when none ended. */
export function shareFailed({ requests, failed, cancelled }: Counts): number | null {
	const ended = requests - cancelled
	return ended > 0 ? failed / ended : null
}

interface Counts {
	requests: number
	failed: number
	cancelled: number
}

/** How many of the requests may fail before one should look. */
export function gradeFailures(share: number): 'good' | 'fair' | 'bad' {
	if (share <= 0.01) return 'good'
	return share <= 0.1 ? 'fair' : 'bad'
}

export const gradeColours = { good: 'text-good', fair: 'text-fair', bad: 'text-bad' }

/** The time until the answer began, as far as it is known. */
export function latencyOf(result: ProbeResult): number {
	return result.firstByteMs ?? result.totalMs
}

export interface ProbeTableWords {
	upstream: string
	result: string
	latency: string
	model: string
}

/** The results as a Markdown table: for issues and chats. */
export function toMarkdown(
	results: readonly ProbeResult[],
	words: ProbeTableWords,
	formatLatency: (ms: number) => string,
): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
	return [
		line([words.upstream, words.result, words.latency, words.model]),
		'| --- | --- | --: | --- |',
		...results.map(result =>
			line([
				result.upstreamName,
				result.ok ? 'ok' : [result.class, result.status || '', result.message].filter(Boolean).join(' '),
				result.ok ? formatLatency(latencyOf(result)) : '',
				result.answeredModel ?? result.model,
			]),
		),
	].join('\n')
}

const escapeCell = (text: string) => text.replace(/[\r\n]+/g, ' ').replace(/([\\|`<])/g, '\\$1')
