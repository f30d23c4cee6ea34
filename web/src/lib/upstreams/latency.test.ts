import { expect, it } from 'vitest'
import type { ProbeResult } from '../../../../core/proxy/probe-result.ts'
import { gradeFailures, gradeLatency, latencyOf, shareFailed, toMarkdown } from './latency.ts'

const result: ProbeResult = {
	...{ upstreamId: 'up_1', upstreamName: 'kimi', ok: true, status: 200, class: 'ok', message: '' },
	...{ url: 'https://host/v1/messages', model: 'claude-haiku-4-5', answeredModel: 'kimi-k3' },
	...{ keyId: 'key_1', keyMask: 'sk-…9f2a', connectMs: 20, firstByteMs: 312, totalMs: 400, at: 1 },
}

it.each([
	[0, 'good'],
	[499, 'good'],
	[500, 'fair'],
	[1499, 'fair'],
	[1500, 'bad'],
])('grades %d ms as %s', (ms, grade) => {
	expect(gradeLatency(ms)).toBe(grade)
})

it.each([
	[0, 'good'],
	[0.01, 'good'],
	[0.02, 'fair'],
	[0.1, 'fair'],
	[0.11, 'bad'],
])('grades a share of failures of %d as %s', (share, grade) => {
	expect(gradeFailures(share)).toBe(grade)
})

it('is the time to the first byte, or the whole where there was none', () => {
	expect(latencyOf(result)).toBe(312)
	expect(latencyOf({ ...result, firstByteMs: null })).toBe(400)
})

it('writes a table that no message breaks', () => {
	const failed = { ...result, ok: false, status: 429, class: 'quota' as const, message: 'used | up\nnow' }
	const words = { upstream: 'Upstream', result: 'Result', latency: 'Latency', model: 'Model' }
	expect(toMarkdown([result, failed], words, ms => `${ms} ms`).split('\n')).toEqual([
		'| Upstream | Result | Latency | Model |',
		'| --- | --- | --: | --- |',
		'| kimi | ok | 312 ms | kimi-k3 |',
		'| kimi | quota 429 used \\| up now |  | kimi-k3 |',
	])
})

it.each([
	[{ requests: 10, failed: 2, cancelled: 0 }, 0.2],
	[{ requests: 10, failed: 2, cancelled: 6 }, 0.5],
	[{ requests: 3, failed: 0, cancelled: 3 }, null],
	[{ requests: 0, failed: 0, cancelled: 0 }, null],
])('counts failures among the requests that ended: %o', (counts, share) => {
	expect(shareFailed(counts)).toBe(share)
})
