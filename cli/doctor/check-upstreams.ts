import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { probeUpstreams } from '../../core/proxy/probe-all.ts'
import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import { toOneLine } from '../ui/clean-text.ts'
import type { UpstreamAccess } from '../upstream-access.ts'
import { adviseOnProbe } from './advise-on-probe.ts'
import { compareWithUpstreams, watchDates } from './check-clock.ts'
import { type Finding, inArea } from './finding.ts'

export interface Probed {
	findings: Finding[]
	/** Those that answered, and the model that they were asked for. */
	answering: { upstream: UpstreamSnapshot; model: string }[]
}

/** One tiny message to each upstream: name resolution, TLS, the key, an answer. */
export async function probeAll(
	{ services, snapshot }: UpstreamAccess,
	upstreams: readonly UpstreamSnapshot[],
	signal: AbortSignal,
): Promise<Probed> {
	const { transport, aheadMs } = watchDates(services.transport, services.clock.now)
	const results = await probeUpstreams({ ...services, transport }, upstreams, { signal })
	const findings = results.map(result =>
		describeResult(result, result.upstreamId === snapshot.currentUpstreamId),
	)
	const answering = results.flatMap(({ ok, upstreamId, model }) => {
		const upstream = upstreams.find(({ id }) => id === upstreamId)
		return ok && upstream ? [{ upstream, model }] : []
	})
	return { findings: [...findings, ...compareWithUpstreams(aheadMs)], answering }
}

function describeResult(result: ProbeResult, isCurrent: boolean): Finding {
	const { upstreamName: name, connectMs, totalMs, message } = result
	const { ok, warn, fail } = inArea(`upstream ${name}`)
	if (result.ok) {
		const answered = `answered in ${totalMs} ms by ${toOneLine(result.answeredModel ?? result.model)}`
		return ok(connectMs === null ? answered : `connected in ${connectMs} ms, ${answered}`)
	}
	const text = toOneLine(`${result.class.replace('_', ' ')}: ${message}`)
	return (isCurrent ? fail : warn)(text, adviseOnProbe(result))
}
