import type { UpstreamSnapshot } from '../config/snapshot.ts'
import { type ProbeOptions, type ProbeServices, probeUpstream } from './probe.ts'
import type { ProbeResult } from './probe-result.ts'

export interface ProbeAllOptions extends ProbeOptions {
	/** Probes at once: 3 unless told, at most 8. */
	concurrency?: number | undefined
	/** No further probe is begun once one has failed. */
	failFast?: boolean | undefined
	onResult?(result: ProbeResult): void
}

export const maxProbesAtOnce = 8
const usualProbesAtOnce = 3

/** Probes several upstreams, some at once. Results come in the order of the upstreams; those not begun are missing. */
export async function probeUpstreams(
	services: ProbeServices,
	upstreams: readonly UpstreamSnapshot[],
	options: ProbeAllOptions = {},
): Promise<ProbeResult[]> {
	const { concurrency = usualProbesAtOnce, failFast = false, onResult, signal } = options
	const results = new Map<UpstreamSnapshot, ProbeResult>()
	const waiting = [...upstreams]
	let stopped = false
	const work = async () => {
		for (;;) {
			const upstream = stopped || signal?.aborted ? undefined : waiting.shift()
			if (!upstream) return
			const result = await probeUpstream(services, upstream, options)
			if (signal?.aborted) return
			results.set(upstream, result)
			stopped ||= failFast && !result.ok
			onResult?.(result)
		}
	}
	const workers = Math.min(Math.max(1, concurrency), maxProbesAtOnce, upstreams.length)
	await Promise.all(Array.from({ length: workers }, work))
	return upstreams.flatMap(upstream => results.get(upstream) ?? [])
}
