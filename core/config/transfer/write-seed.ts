import type { TransferSource } from './document.ts'
import type { JsonObject } from './read-fields.ts'
import type { Report } from './report.ts'

/** The same file, for going back or for other tools that read it. It has no place for everything: see the warnings. */
export function writeSeed(source: TransferSource, report: Report): JsonObject {
	const current = source.upstreams.findIndex(({ id }) => id === source.currentUpstreamId)
	if (current === -1)
		report.warn('currentUpstream', 'none is current; the format cannot say so, 0 is written')
	return {
		upstream: source.upstreams.map((upstream, index) =>
			writeUpstream(upstream, `upstream[${index}]`, report),
		),
		currentUpstream: Math.max(0, current),
		loadBalance: source.settings.strategy,
	}
}

function writeUpstream(
	{ keys, ...upstream }: TransferSource['upstreams'][number],
	path: string,
	report: Report,
): JsonObject {
	const lost: [string, boolean][] = [
		['extraHeaders', Object.keys(upstream.extraHeaders).length > 0],
		['proxyUrl', upstream.proxyUrl !== ''],
		['authStyle', upstream.authStyle !== 'auto'],
		['timeoutMs', upstream.timeoutMs !== 0],
		['maxConcurrent', upstream.maxConcurrent !== 0],
		['keyConcurrent', upstream.keyConcurrent !== 0],
		['firstContentMs', upstream.firstContentMs !== 0],
		['enabled', !upstream.enabled],
	]
	for (const [field, isLost] of lost) {
		if (isLost) report.warn(`${path}.${field}`, `of ${upstream.name} has no place in this format`)
	}
	const written = keys.filter(({ enabled, secret }) => enabled && secret !== undefined)
	for (const { mask } of keys.filter(key => !written.includes(key))) {
		report.warn(`${path}.apiKeys`, `${mask} is paused or cannot be read, left out`)
	}
	return {
		...{
			baseUrl: upstream.baseUrl,
			apiKeys: written.map(({ secret }) => secret),
			serviceType: upstream.type,
		},
		name: upstream.name,
		...(upstream.description && { description: upstream.description }),
		...(upstream.website && { website: upstream.website }),
		...(upstream.insecureSkipVerify && { insecureSkipVerify: true }),
		...(Object.keys(upstream.modelMap).length > 0 && { modelMapping: upstream.modelMap }),
	}
}
