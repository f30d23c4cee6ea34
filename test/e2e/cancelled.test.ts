import { afterEach, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { startCollector } from '../support/otlp-collector.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { openStream } from '../support/streams.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0).reverse()) await each.close()
	delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
	delete process.env.OTEL_EXPORTER_OTLP_PROTOCOL
})

const keys = ['sk-first-0123456789abcd', 'sk-second-0123456789abc']
/** More than the least that health and webhooks judge by. */
const leavers = 24

async function start(adapter: 'node' | 'fetch') {
	const secret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`
	const [collector, receiver, upstream] = await Promise.all([
		startCollector(),
		startWebhookReceiver(secret),
		startOpenAiUpstream({ keys }),
	])
	process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
	process.env.OTEL_EXPORTER_OTLP_PROTOCOL = 'http/json'
	const proxy = await startProxy({ ALERT_ERROR_RATE: '1' }, adapter)
	closing.push(collector, receiver, upstream, proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, keys)
	await askAdmin(proxy, 'POST', '/webhooks', { name: 'chat', url: receiver.url, secret })
	await expect.poll(() => proxy.services.observation.incidents.listening).toBe(true)
	return { collector, receiver, upstream, proxy }
}

/** Half of them leave while the upstream has not answered yet, half in the middle of the answer. */
async function leaveOften(proxy: TestProxy, upstream: ScriptedUpstream): Promise<void> {
	for (let count = 0; count < leavers; count++) {
		const gate = upstream.gate()
		upstream.script({ text: ['some ', 'more'], gate })
		const reader = openStream(proxy.url, { ...hello, stream: true })
		await upstream.waitForRequest(count + 1)
		if (count % 2 === 1) {
			gate.release(2)
			await reader.until('some ')
		}
		reader.leave()
	}
	const recorded = async () => {
		await proxy.services.requestLog.flush()
		return (await askAdmin(proxy, 'GET', '/requests?outcome=cancelled')).body.requests.length
	}
	await expect.poll(recorded).toBe(leavers)
}

test.each(['node', 'fetch'] as const)(
	'clients that leave change no error rate, wherever one is told (%s)',
	{ tags: ['inside-process'] },
	async adapter => {
		const { collector, receiver, upstream, proxy } = await start(adapter)
		await leaveOften(proxy, upstream)
		expect((await call(proxy)).status).toBe(200)
		await proxy.services.flush()

		const { totals } = (await askAdmin(proxy, 'GET', '/usage')).body
		expect(totals).toMatchObject({
			...{ requests: leavers + 1, ok: 1, failed: 0, cancelled: leavers, successRate: 1, errors: {} },
		})
		const status = (await askAdmin(proxy, 'GET', '/status')).body
		expect(status.traffic.upstreams).toMatchObject([{ requests: leavers + 1, failed: 0 }])

		const health = await (await fetch(`${proxy.url}/health`)).json()
		expect(health).toMatchObject({ status: 'healthy', requests: { recent: { requests: 1, failed: 0 } } })
		expect(receiver.received).toEqual([])
		for (const { id } of (await proxy.services.config.current()).upstreams[0]!.keys) {
			expect(proxy.services.config.healthOf(id).size).toBe(0)
		}

		const metrics = proxy.services.observation.metrics.registry.text()
		const outcomes = [...metrics.matchAll(/^claude_proxy_requests_total\{.*outcome="(\w+)".*\} (\d+)$/gm)]
		expect(Object.fromEntries(outcomes.map(([, outcome, count]) => [outcome, Number(count)]))).toEqual({
			...{ cancelled: leavers, ok: 1 },
		})

		const spans = collector.spans.filter(({ kind }) => kind === 2 || kind === 3)
		expect(spans).toHaveLength(2 * (leavers + 1))
		for (const { attributes, status: code } of spans) {
			expect(attributes).not.toHaveProperty(['error.type'])
			expect(code).not.toBe(2)
		}
		const durations = collector.points.filter(({ name }) => name === 'gen_ai.client.operation.duration')
		const cancelled = durations.filter(({ attributes }) => attributes['claude_proxy.cancelled'] === true)
		expect(cancelled.reduce((sum, { count }) => sum + count, 0)).toBe(leavers)
		for (const { attributes } of durations) expect(attributes).not.toHaveProperty(['error.type'])

		const lines = proxy
			.logs()
			.split('\n')
			.filter(line => line.includes('499 cancelled'))
		expect(lines).toHaveLength(leavers)
		// pino's number of `info`: nobody is woken up for them.
		for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 30 })
	},
)
