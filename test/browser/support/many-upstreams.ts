import type { TestProxy } from '../../support/proxy.ts'

export const upstreamCount = 200
export const keysEach = 50

/** More than anybody has. An import holds 5000 keys at most, so it takes two. */
export async function fillManyUpstreams({ repository, services }: TestProxy): Promise<void> {
	const upstreams = Array.from({ length: upstreamCount }, (_, place) => ({
		...{ name: `upstream ${place}`, baseUrl: `https://host-${place}.example`, serviceType: 'claude' },
		apiKeys: Array.from({ length: keysEach }, (_, key) => `sk-many-${place}-${key}-0123456789abcdef`),
	}))
	for (const upstream of [upstreams.slice(0, upstreamCount / 2), upstreams.slice(upstreamCount / 2)]) {
		const document = JSON.stringify({ upstream, currentUpstream: 0, loadBalance: 'failover' })
		await repository.importConfig(document, { mode: 'merge', dryRun: false })
	}
	await services.config.refresh()
}
