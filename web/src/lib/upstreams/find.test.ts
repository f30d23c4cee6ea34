import { expect, it } from 'vitest'
import { upstreamInputSchema } from '../../../../core/config/upstream.ts'
import { toConfigView } from '../../../../core/views/upstream-view.ts'
import { findUpstreams } from './find.ts'

const { upstreams } = toConfigView({
	...{ revision: 1, now: 1, strategy: 'failover', currentUpstreamId: 'up_b' },
	upstreams: ['b', 'a', 'c'].map((name, position) => ({
		...upstreamInputSchema.parse({ name, type: 'claude', baseUrl: `https://${name}.example` }),
		...{ id: `up_${name}`, position, createdAt: 1, keys: [] },
	})),
})
const namesOf = (wanted: Parameters<typeof findUpstreams>[1]) =>
	findUpstreams(upstreams, wanted)
		.map(({ name }) => name)
		.join('')

it('finds by all words, wherever they stand', () => {
	expect(namesOf({ query: ' Claude A.EXAMPLE', sorting: 'manual' })).toBe('a')
	expect(namesOf({ query: '', sorting: 'manual' })).toBe('bac')
})

it('sorts, and leaves what has no value behind in its own order', () => {
	expect(namesOf({ query: '', sorting: 'name' })).toBe('abc')
	const latencyOf = (id: string) => ({ up_c: 100 })[id]
	expect(namesOf({ query: '', sorting: 'latency', latencyOf })).toBe('cba')
	const failedOf = (id: string) => (id === 'up_a' ? 3 : 0)
	expect(namesOf({ query: '', sorting: 'errors', failedOf })).toBe('abc')
})
