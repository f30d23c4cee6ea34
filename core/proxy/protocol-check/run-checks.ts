import type { Clock } from '../../ports.ts'
import type { CheckTools, Judgement, ProtocolCheck } from './check.ts'
import { imageCheck, toolImageCheck } from './image-checks.ts'
import { abortCheck, countCheck, streamCheck, structuredCheck, textCheck } from './text-checks.ts'
import { emptyToolCheck, parallelCheck, thinkingCheck, toolCheck } from './tool-checks.ts'

/** What Claude Code and the SDKs need of an upstream, the most needed first. */
const protocolChecks: readonly ProtocolCheck[] = [
	...[textCheck, streamCheck, toolCheck, parallelCheck, emptyToolCheck, imageCheck, toolImageCheck],
	...[thinkingCheck, structuredCheck, countCheck, abortCheck],
]

/** What checking one upstream costs at most. */
export const checkCost = {
	requests: protocolChecks.reduce((sum, { requests }) => sum + requests, 0),
	maxTokens: protocolChecks.reduce((sum, { maxTokens }) => sum + maxTokens, 0),
}

export interface CheckResult extends Judgement {
	id: string
	title: string
	ms: number
}

export interface CheckRunOptions {
	clock: Pick<Clock, 'elapsed'>
	signal: AbortSignal
	onBegin?(check: ProtocolCheck): void
	onResult?(result: CheckResult): void
}

/** One after the other, so that a rate limit is not what is measured. Where plain text fails, nothing else is tried. */
export async function runProtocolChecks(tools: CheckTools, options: CheckRunOptions): Promise<CheckResult[]> {
	const results: CheckResult[] = []
	for (const check of protocolChecks) {
		if (options.signal.aborted) break
		options.onBegin?.(check)
		const started = options.clock.elapsed()
		const hopeless = results[0]?.verdict === 'failed'
		const judgement: Judgement = hopeless
			? { verdict: 'skipped', detail: 'plain text failed' }
			: await check.run(tools)
		if (options.signal.aborted) break
		const ms = Math.round(options.clock.elapsed() - started)
		const result = { id: check.id, title: check.title, ...judgement, ms }
		results.push(result)
		options.onResult?.(result)
	}
	return results
}
