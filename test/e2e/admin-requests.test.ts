import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const hour = 3_600_000

describe.each(['node', 'fetch'] as const)('the request log through the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let upstreamId: string
	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({ REQUEST_TIMEOUT: '60000' }, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		upstreamId = await proxy.use({ type: 'openai', baseUrl: upstream.url, name: '月之暗面' }, [...keys])
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const ask = async (path: string, method = 'GET', body?: unknown) => {
		await proxy.services.requestLog.flush()
		return askAdmin(proxy, method, path, body)
	}
	const recent = () => `from=${Date.now() - hour}&to=${Date.now() + 60_000}`

	test('tells everything of a request that went to a second key', async () => {
		upstream.keyFaults.set(keys[0], { status: 429, body: { error: { message: 'slow down' } } })
		upstream.script({ toolCalls: [{ name: 'get_weather', args: { city: 'Oslo' } }] })
		const tools = [{ name: 'get_weather', input_schema: { type: 'object', properties: {} } }]
		const sent = { ...hello, model: 'claude-sonnet-4-5', top_k: 3, tools }
		await askAdmin(proxy, 'PATCH', `/upstreams/${upstreamId}`, { modelMap: { sonnet: 'gpt-4o' } })
		const headers = { 'user-agent': 'claude-cli/2.1.5 (external)', 'x-claude-code-session-id': 'session-1' }
		const called = await call(proxy, sent, { headers })
		const id = called.headers.get('request-id')
		const { request } = (await ask(`/requests/${id}`)).body
		expect(request).toMatchObject({
			...{ id, outcome: 'ok', class: null, status: 200, upstreamId, upstreamName: '月之暗面' },
			...{ keyMask: 'sk-…5678', model: 'claude-sonnet-4-5', upstreamModel: 'gpt-4o', stream: false },
			...{ stopReason: 'tool_use', toolCalls: 1, client: 'Claude Code', sessionId: 'session-1' },
			...{ userAgent: 'claude-cli/2.1.5 (external)', source: 'client', recorded: false, errorMessage: '' },
			usage: { inputTokens: called.body.usage.input_tokens, outputTokens: called.body.usage.output_tokens },
			answeredModel: expect.stringContaining('gpt-4o'),
			bytes: { in: JSON.stringify(sent).length, out: called.text.length },
			notes: [expect.objectContaining({ field: 'top_k', action: 'dropped' })],
		})
		expect(request.costMicros).toBe(
			Math.round(called.body.usage.input_tokens * 2.5 + called.body.usage.output_tokens * 10),
		)
		const [first, second] = request.attempts
		expect(first).toMatchObject({ outcome: 'rate_limit', decision: 'next key', status: 429 })
		expect(first.url).toBe(`${upstream.url}/v1/chat/completions`)
		expect(second).toMatchObject({ outcome: 'ok', decision: 'answered', url: null })
		// Everything happens after what it follows.
		const { selectMs, firstByteMs, firstContentMs, totalMs } = request.times
		const order = [
			0,
			selectMs,
			first.startMs + first.firstByteMs,
			second.startMs,
			firstByteMs,
			firstContentMs,
			totalMs,
		]
		expect(order).toEqual(order.toSorted((a, b) => a - b))
		expect(first.connectMs).toBeLessThanOrEqual(first.firstByteMs)
		const { requests } = (await ask('/requests')).body
		expect(requests).toMatchObject([{ id, attempts: 2, notes: 1, client: 'Claude Code' }])
	})

	test('filters, pages, and is read along', async () => {
		const ids: string[] = []
		for (const stream of [true, false, true]) {
			ids.unshift((await call(proxy, { ...hello, stream })).headers.get('request-id') ?? '')
			await proxy.settle()
		}
		await call(proxy, { ...hello, max_tokens: -1 })
		const list = async (query: string) =>
			(await ask(`/requests?${query}`)).body.requests.map((one: { id: string }) => one.id)
		expect(await list('outcome=ok')).toEqual(ids)
		expect(await list('outcome=ok&stream=true')).toEqual([ids[0], ids[2]])
		expect(await list('class=refused')).toHaveLength(1)
		expect(await list(`upstream=${upstreamId}&outcome=ok&text=${encodeURIComponent('暗面')}`)).toEqual(ids)
		expect(await list(`after=${ids[2]}&outcome=ok`)).toEqual([ids[0], ids[1]])
		const { requests, next } = (await ask('/requests?limit=2')).body
		const older = (await ask(`/requests?limit=2&before=${next}`)).body
		expect([...requests, ...older.requests].map(({ id }) => id).slice(1)).toEqual(ids)
		expect(older.next).toBeNull()
		for (const wrong of ['outcome=bad', 'limit=0', 'before=x', 'stream=maybe', 'from=x', 'nothing=1']) {
			expect([wrong, (await ask(`/requests?${wrong}`)).status]).toEqual([wrong, 400])
		}
		expect((await ask('/requests/req_0')).body.error.code).toBe('not-found')
	})

	test('a client that leaves is cancelled, and changes no error rate', async () => {
		await call(proxy)
		const gate = upstream.gate()
		upstream.script({ text: ['some ', 'more'], gate })
		await leaveEarly(proxy, () => gate.release(2))
		await upstream.waitForAbort()
		const { totals } = (await ask(`/usage?${recent()}`)).body
		expect(totals).toMatchObject({ requests: 2, ok: 1, failed: 0, cancelled: 1, successRate: 1, errors: {} })
		const { requests } = (await ask('/requests?outcome=cancelled')).body
		expect(requests).toMatchObject([{ status: 499, class: null, upstreamName: '月之暗面' }])
		const traffic = (await ask('/status')).body.traffic.upstreams
		expect(traffic).toMatchObject([{ requests: 2, failed: 0 }])
	})

	test('adds up to usage, by who had it, with what it cost', async () => {
		const { input_tokens: input, output_tokens: output } = (await call(proxy)).body.usage
		for (const key of keys) upstream.keyFaults.set(key, { status: 500, body: { error: { message: 'down' } } })
		await call(proxy)
		upstream.keyFaults.clear()
		const usage = (await ask(`/usage?${recent()}&compare=true`)).body
		expect(usage.totals).toMatchObject({
			...{ requests: 2, ok: 1, failed: 1, inputTokens: input, outputTokens: output, successRate: 0.5 },
			...{ costMicros: Math.round(input * 2.5 + output * 10), unpriced: 0, errors: { server: 1 } },
		})
		expect(usage.totals.total.p50).toBeGreaterThan(0)
		expect(usage.previous).toMatchObject({ requests: 0, costMicros: null, successRate: null })
		expect(usage.bucketMs).toBe(60_000)
		expect(usage.partialUntil).toBeGreaterThan(usage.from)
		expect(usage.top).toMatchObject({
			upstreams: [{ id: upstreamId, name: '月之暗面', requests: 2, failed: 1 }],
			models: [{ id: 'gpt-4o', requests: 2 }],
			keys: [{ requests: 1 }, { requests: 1 }],
		})
		const upstreamDay = (await ask('/usage/day')).body
		expect(upstreamDay).toMatchObject({
			all: { requests: 2 },
			groups: [{ id: upstreamId, ok: 1, failed: 1 }],
		})
		expect(upstreamDay.groups[0].firstContent.p50).toBeGreaterThan(0)
		// Both keys have failed, one after it had answered.
		const { groups } = (await ask(`/usage/day?upstream=${upstreamId}`)).body
		expect(groups.map((key: { ok: number }) => key.ok).sort()).toEqual([0, 1])
		expect(groups).toMatchObject([{ attemptsFailed: 1 }, { attemptsFailed: 1 }])
		const csv = await ask(`/usage.csv?${recent()}`)
		expect(csv.headers.get('content-type')).toContain('text/csv')
		expect(csv.headers.get('content-disposition')).toMatch(
			/^attachment; filename="usage-\d{4}-\d\d-\d\d.csv"$/,
		)
		const sums = csv.text
			.trim()
			.split('\r\n')
			.slice(1)
			.map(row => Number(row.split(',')[1]))
		expect(sums.reduce((sum, value) => sum + value, 0)).toBe(2)
		expect((await ask('/usage?from=2&to=1')).body.error.fields).toEqual([
			{ path: 'to', message: expect.any(String) },
		])
	})

	test('costs follow the prices, also of what is past; each change of them is a revision', async () => {
		const { input_tokens: input, output_tokens: output } = (await call(proxy)).body.usage
		const cost = async () => (await ask(`/usage?${recent()}`)).body.totals.costMicros
		expect(await cost()).toBe(Math.round(input * 2.5 + output * 10))
		const prices = [{ model: 'gpt-4*', input: 5, output: 20 }]
		const changed = await ask('/settings', 'PATCH', { prices })
		expect(await cost()).toBe(input * 5 + output * 20)
		const shown = (await ask('/prices')).body.prices
		expect(shown[0]).toMatchObject({ model: 'gpt-4*', input: 5, source: 'override', currency: 'USD' })
		expect(shown.length).toBeGreaterThan(100)
		const { revisions } = (await ask('/revisions?limit=1')).body
		expect(revisions[0]).toMatchObject({ revision: changed.body.revision })
		expect((await ask('/settings', 'PATCH', { prices: [{ model: 'x', input: -1, output: 1 }] })).status).toBe(
			400,
		)
	})

	test('is deleted only by who says so, and usage only when that is said too', async () => {
		await call(proxy)
		expect((await ask('/requests', 'DELETE', { confirm: 'yes' })).status).toBe(400)
		const rows = async () => (await ask('/requests')).body.requests.length
		const used = async () => (await ask(`/usage?${recent()}`)).body.totals.requests
		expect(await rows()).toBe(1)
		expect((await ask('/requests', 'DELETE', { confirm: 'delete all logs' })).body).toEqual({ deleted: 1 })
		expect([await rows(), await used()]).toEqual([0, 1])
		await ask('/requests', 'DELETE', { confirm: 'delete all logs', usage: true })
		expect(await used()).toBe(0)
	})
})

test('an answer that is passed on is logged with its tokens, its model and its calls', async () => {
	const upstream = await startAnthropicUpstream()
	const proxy = await startProxy()
	try {
		await proxy.use({ type: 'claude', baseUrl: upstream.url })
		const calls = ['a', 'b', 'c'].map(name => ({ name, args: { text: '"type":"tool_use" '.repeat(500) } }))
		const tools = ['a', 'b', 'c'].map(name => ({ name, input_schema: { type: 'object', properties: {} } }))
		for (const stream of [true, false]) {
			upstream.script({ text: 'x'.repeat(20_000), toolCalls: calls })
			const sent = { ...hello, model: 'claude-sonnet-5-5', stream, tools }
			const called = await call(proxy, sent)
			await proxy.services.requestLog.flush()
			const { request } = (await askAdmin(proxy, 'GET', `/requests/${called.headers.get('request-id')}`)).body
			expect(request).toMatchObject({
				...{ outcome: 'ok', toolCalls: 3, stopReason: 'tool_use' },
				bytes: { in: JSON.stringify(sent).length, out: Buffer.byteLength(called.text) },
			})
			expect(request.usage.outputTokens).toBeGreaterThan(0)
			if (stream) expect(request.answeredModel).toContain('claude-sonnet-5-5')
		}
	} finally {
		await Promise.all([proxy.close(), upstream.close()])
	}
})

/** Sends a streamed request and closes the connection at its first bytes. */
function leaveEarly(proxy: TestProxy, onSent: () => void): Promise<void> {
	return new Promise((resolve, reject) => {
		const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
		const sent = httpRequest(`${proxy.url}/v1/messages`, { method: 'POST', headers }, response => {
			response.once('data', () => {
				sent.destroy()
				resolve()
			})
		})
		sent.on('error', reject)
		sent.end(JSON.stringify({ ...hello, stream: true }), onSent)
	})
}
