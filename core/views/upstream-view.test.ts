import { describe, expect, test } from 'vitest'
import { type UpstreamConfig, upstreamInputSchema } from '../config/upstream.ts'
import { findAdapter, upstreamTypes } from '../upstreams/registry.ts'
import { describeCall, toConfigView, upstreamViewSchema } from './upstream-view.ts'

const now = 1_000_000
const config = (changes: Partial<UpstreamConfig>) => ({
	...upstreamInputSchema.parse({ name: 'kimi', type: 'claude', baseUrl: 'https://host' }),
	...changes,
})
const key = {
	...{
		id: 'key_1',
		mask: 'sk-…abcd',
		fingerprint: 'f',
		enabled: true,
		readable: true,
		position: 0,
		createdAt: 1,
	},
	state: [],
}
const view = (changes: Partial<UpstreamConfig>, more: object = {}) =>
	toConfigView({
		...{ revision: 1, now, strategy: 'failover', currentUpstreamId: 'up_1' },
		upstreams: [{ ...config(changes), id: 'up_1', position: 0, createdAt: 1, keys: [key], ...more }],
	}).upstreams[0]

test('every field of the configuration is shown, and fits what the API promises', () => {
	const shown = view({ modelMap: { opus: 'kimi-k2' } })
	expect(Object.keys(shown ?? {})).toEqual(expect.arrayContaining(Object.keys(upstreamInputSchema.shape)))
	expect(upstreamViewSchema.strict().parse(shown)).toEqual(shown)
})

test('no value that may be a secret is shown', () => {
	const shown = view({
		...{
			baseUrl: 'https://me:hush@host/v1?key=hush',
			website: 'https://me:hush@host',
			extraHeaders: { a: 'hush' },
		},
		...{ proxyUrl: 'http://me:hush@proxy' },
	})
	expect(JSON.stringify(shown)).not.toContain('hush')
	expect(shown).toMatchObject({
		...{
			baseUrl: 'https://••••@host/v1?key=••••',
			extraHeaders: { a: '••••' },
			proxyUrl: 'http://••••@proxy',
		},
	})
})

test('what the database layer keeps beside it is not shown', () => {
	expect(JSON.stringify(view({}, { secret: 'hush' }))).not.toContain('hush')
})

describe('the URL that is called', () => {
	test.each(upstreamTypes)('of type %s is the adapter’s', type => {
		const called = describeCall({ type, baseUrl: 'https://host/base' }, 'some-model')
		expect(called).toBe(
			findAdapter(type)?.messagesUrl('https://host/base', { model: 'some-model', stream: false }),
		)
	})

	test('is empty for a type of a later version', () => {
		expect(view({ type: 'telex' })).toMatchObject({ type: 'telex', calls: '' })
	})

	test('names the place of the model where the type has it in the URL', () => {
		expect(view({ type: 'gemini' })?.calls).toContain('/models/<model>:generateContent')
	})
})
