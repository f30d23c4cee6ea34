import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { probeUpstreams } from '../../core/proxy/probe-all.ts'
import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import { toOneLine } from '../ui/clean-text.ts'
import type { UpstreamAccess } from '../upstream-access.ts'
import { compareWithUpstreams, watchDates } from './check-clock.ts'
import { advise, type Finding, inArea, suggest } from './finding.ts'

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
	return (isCurrent ? fail : warn)(text, adviseOn(result))
}

function adviseOn({ class: kind, upstreamName: name, message }: ProbeResult): Pick<Finding, 'fix'> {
	if (kind === 'auth') return suggest('key', name, 'list')
	if (kind === 'quota') return advise('top the account up, or add another key')
	if (kind === 'client') return suggest('models', name)
	if (/certificate|TLS|self.signed/i.test(message)) {
		return advise('check the URL; for a server of your own: update <upstream> --insecureSkipVerify true')
	}
	if (kind === 'network') return advise('check its URL, the network, and HTTPS_PROXY')
	return {}
}
