import { expect, it } from 'vitest'
import { adviseOn } from './advice.ts'
import { canAnswer, type Health, parseHealth } from './health.ts'

const fresh: Health = {
	status: 'unhealthy',
	upstreamCount: 0,
	currentUpstream: null,
	database: { ok: true, kind: 'file' },
}
const working: Health = { ...fresh, status: 'healthy', upstreamCount: 2, currentUpstream: 1, keyCount: 3 }

it('begins with an upstream', () => {
	expect(adviseOn(fresh)).toEqual({
		concern: undefined,
		steps: { upstream: 'now', key: 'later', connect: 'later' },
	})
})

it.each<[string, Health]>([
	['that says so', { ...working, status: 'unhealthy', keyCount: 0 }],
	['that cannot answer and counts no keys', { ...working, status: 'unhealthy', keyCount: undefined }],
])('asks for a key on a server %s', (_name, health) => {
	expect(adviseOn(health)).toEqual({
		concern: undefined,
		steps: { upstream: 'done', key: 'now', connect: 'later' },
	})
})

it.each<[string, Health]>([
	['counts its keys', working],
	['does not', { ...working, keyCount: undefined }],
])('comes to connecting once the server is healthy and %s', (_name, health) => {
	expect(adviseOn(health)).toEqual({
		concern: undefined,
		steps: { upstream: 'done', key: 'done', connect: 'now' },
	})
})

it.each(['degraded', 'unhealthy'] as const)(
	'points at the current upstream when a server with keys is %s',
	status => {
		expect(adviseOn({ ...working, status }).concern).toBe('upstream-failing')
	},
)

it('asks to choose when there are upstreams and none is current', () => {
	expect(adviseOn({ ...working, status: 'unhealthy', currentUpstream: null }).concern).toBe('choose-upstream')
})

it('puts a failing database before everything, and claims nothing else', () => {
	const health: Health = { ...fresh, database: { ok: false } }
	expect(adviseOn(health)).toEqual({ concern: 'database', steps: undefined })
})

it.each<[boolean, string, Partial<Health>]>([
	[true, 'with a usable key', { status: 'degraded', usableKeyCount: 1 }],
	[true, 'that does not count', { status: 'degraded' }],
	[false, 'with no usable key', { status: 'degraded', usableKeyCount: 0 }],
	[false, 'without a current upstream', { status: 'degraded', currentUpstream: null }],
	[false, 'that is unhealthy', { status: 'unhealthy', usableKeyCount: 1 }],
])('says %s to whether a server can answer %s', (expected, _name, difference) => {
	expect(canAnswer({ ...working, ...difference })).toBe(expected)
})

it('reads the answer of /health', () => {
	const json = {
		status: 'healthy',
		timestamp: '2026-11-23T00:00:00.000Z',
		uptime: 12.5,
		mode: 'development',
		version: '1.2.3',
		config: {
			upstreamCount: 2,
			currentUpstream: 0,
			currentUpstreamName: 'kimi',
			usableKeys: 1,
			keys: 3,
			loadBalance: 'random',
		},
		database: { ok: true, kind: 'file' },
	}
	expect(parseHealth(json)).toEqual({
		status: 'healthy',
		uptime: 12.5,
		mode: 'development',
		version: '1.2.3',
		upstreamCount: 2,
		currentUpstream: 0,
		currentUpstreamName: 'kimi',
		keyCount: 3,
		usableKeyCount: 1,
		strategy: 'random',
		database: { ok: true, kind: 'file' },
	})
})

it.each([-1, null, undefined, 'kimi'])('takes %s for no current upstream', currentUpstream => {
	expect(parseHealth({ status: 'healthy', config: { currentUpstream } })?.currentUpstream).toBeNull()
})

it.each([undefined, null, 'healthy', [], {}, { status: 'fine' }, { error: { type: 'not_found_error' } }])(
	'does not take %j for a health report',
	json => {
		expect(parseHealth(json)).toBeUndefined()
	},
)
