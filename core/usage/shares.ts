import type { FindPrice } from './cost.ts'
import { sumCosts } from './summarize.ts'

/** What one upstream, key and model were asked. */
export interface UsageSource {
	upstreamId: string
	keyId: string
	model: string
	upstreamModel: string
	upstreamName: string
	keyMask: string
	requests: number
	failed: number
	inputTokens: number
	outputTokens: number
	cacheReadTokens: number
	cacheWriteTokens: number
}

export interface Share {
	id: string
	name: string
	requests: number
	failed: number
	tokens: number
	costMicros: number | null
}

export const shareKinds = ['upstreams', 'models', 'keys'] as const
export type ShareKind = (typeof shareKinds)[number]

const identify: Readonly<Record<ShareKind, (source: UsageSource) => readonly [id: string, name: string]>> = {
	upstreams: ({ upstreamId, upstreamName }) => [upstreamId, upstreamName],
	models: ({ model }) => [model, model],
	keys: ({ keyId, keyMask }) => [keyId, keyMask],
}

/**
 * Who had how much of the usage, the most used first. What belongs to nobody (a request that was refused before it had
 * an upstream) has no share.
 *
 * @param nameOf what an upstream or key is called today; undefined when it is gone
 */
export function shareOut(
	sources: readonly UsageSource[],
	kind: ShareKind,
	findPrice: FindPrice,
	nameOf: (id: string) => string | undefined = () => undefined,
): Share[] {
	const byId = Map.groupBy(sources, source => identify[kind](source)[0])
	byId.delete('')
	const shares = [...byId].map(([id, own]): Share => {
		const sum = (read: (source: UsageSource) => number) =>
			own.reduce((total, source) => total + read(source), 0)
		const last = own.map(source => identify[kind](source)[1]).find(name => name !== '')
		return {
			...{ id, name: nameOf(id) ?? last ?? id },
			requests: sum(source => source.requests),
			failed: sum(source => source.failed),
			tokens: sum(countTokens),
			costMicros: sumCosts(own, findPrice).costMicros,
		}
	})
	return shares.sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
}

const countTokens = (source: UsageSource) =>
	source.inputTokens + source.outputTokens + source.cacheReadTokens + source.cacheWriteTokens
