import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { readTelemetryWish } from '../../api/_app/telemetry/telemetry.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { call, hello } from '../support/call.ts'
import { startCollector } from '../support/otlp-collector.ts'
import { startProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0).reverse()) await each.close()
	for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name]
})

const keys = ['sk-planted-first-0123456789', 'sk-planted-second-012345678']
const parent = { traceId: `${'a'.repeat(31)}1`, spanId: 'b'.repeat(16) }
const traceparent = `00-${parent.traceId}-${parent.spanId}-01`

async function start(protocol: string, adapter: 'node' | 'fetch') {
	const collector = await startCollector()
	process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
	process.env.OTEL_EXPORTER_OTLP_PROTOCOL = protocol
	process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-collector-key=abc'
	process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=test'
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy({}, adapter)
	closing.push(collector, upstream, proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, keys)
	return { collector, upstream, proxy }
}

describe.each([
	['http/protobuf', 'node'],
	['http/json', 'fetch'],
] as const)('OpenTelemetry by %s over the %s adapter', { tags: ['inside-process'] }, (protocol, adapter) => {
	test('sends a span per request and per attempt, within the client’s trace, and tells the upstream of it', async () => {
		const { collector, upstream, proxy } = await start(protocol, adapter)
		const fault = { status: 429, body: { error: { message: `slow down ${keys[0]}` } } }
		upstream.keyFaults.set(keys[0]!, fault)
		upstream.script({ text: 'answer text that stays private' })
		const answer = await call(proxy, { ...hello, stream: true }, { headers: { traceparent } })
		expect(answer.status).toBe(200)
		await proxy.services.observation.flush()

		const [request] = collector.spans.filter(({ kind }) => kind === 2)
		expect(request).toMatchObject({
			...{ name: 'POST /v1/messages', traceId: parent.traceId, parentSpanId: parent.spanId, status: 0 },
			attributes: {
				'gen_ai.operation.name': 'chat',
				'gen_ai.request.model': 'gpt-4o',
				'http.response.status_code': 200,
				'claude_proxy.attempts': 2,
				'claude_proxy.request_id': answer.headers.get('request-id'),
				'gen_ai.usage.output_tokens': expect.any(Number),
			},
		})
		const attempts = collector.spans.filter(({ kind }) => kind === 3)
		expect(attempts).toMatchObject([
			{
				...{ name: 'chat gpt-4o', parentSpanId: request!.spanId, status: 2 },
				attributes: { 'error.type': 'rate_limit', 'http.response.status_code': 429 },
			},
			{
				...{ parentSpanId: request!.spanId, status: 0 },
				attributes: {
					'gen_ai.provider.name': 'openai',
					'gen_ai.response.finish_reasons': ['end_turn'],
					'server.address': '127.0.0.1',
					'server.port': Number(new URL(upstream.url).port),
				},
			},
		])
		const sent = upstream.requests.map(({ headers }) => headers.traceparent)
		expect(sent).toEqual(attempts.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`))

		const named = (name: string) => collector.points.filter(point => point.name === name)
		expect(named('gen_ai.client.operation.duration')).toMatchObject([{ count: 1 }])
		expect(named('gen_ai.server.time_to_first_token')).toMatchObject([{ count: 1 }])
		const output = named('gen_ai.client.token.usage').find(
			({ attributes }) => attributes['gen_ai.token.type'] === 'output',
		)
		expect(output).toMatchObject({ sum: request?.attributes['gen_ai.usage.output_tokens'] })

		for (const { contentType, headers, body } of collector.requests) {
			expect(contentType).toBe(protocol === 'http/json' ? 'application/json' : 'application/x-protobuf')
			expect(headers['x-collector-key']).toBe('abc')
			const text = body.toString('latin1')
			expect(text).toContain('claude-proxy')
			expect(text).toContain('deployment.environment.name')
			for (const secret of ['planted', 'private', `${hello.messages[0]!.content}"`])
				expect(text).not.toContain(secret)
		}
		await proxy.services.flush()
		expect(proxy.logs()).toContain(`"traceId":"${parent.traceId}"`)
	})
})

test('a collector that is away costs no request anything, and nothing waits for it at the end', async () => {
	const { proxy, collector, upstream } = await start('http/protobuf', 'node')
	await collector.close()
	closing.splice(closing.indexOf(collector), 1)
	upstream.script({ text: 'fine' })
	expect((await call(proxy)).status).toBe(200)
	await proxy.services.observation.flush()
})

test('without OTEL_ variables the client’s trace is in the log and goes no further', async () => {
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy()
	closing.push(upstream, proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, keys)
	await call(proxy, hello, { headers: { traceparent } })
	expect(upstream.requests[0]?.headers.traceparent).toBeUndefined()
	await expect.poll(proxy.logs).toContain(`"traceId":"${parent.traceId}"`)
	const { headers } = await call(proxy, hello, { headers: { traceparent: '00-nonsense' } })
	await expect.poll(proxy.logs).toContain(headers.get('request-id'))
	expect(proxy.logs()).not.toContain('nonsense')
})

test('the SDK is not loaded unless it is asked for', async () => {
	const program = `
		import { registerHooks } from 'node:module'
		const loaded = []
		registerHooks({ load(url, context, next) { if (url.includes('opentelemetry')) loaded.push(url); return next(url, context) } })
		const { startTelemetry } = await import('./api/_app/telemetry/telemetry.ts')
		await import('./api/_app/index.ts')
		await startTelemetry('1', {})
		console.log(loaded.length)
		await (await startTelemetry('1', { OTEL_TRACES_EXPORTER: 'otlp' }))?.close()
		console.log(loaded.length > 0)
	`
	const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
		cwd: join(projectRoot),
	})
	expect(stdout.trim().split('\n')).toEqual(['0', 'true'])
})

test.each([
	[{}, false, false],
	[{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, true, true],
	[{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, false, false],
	[{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_METRICS_EXPORTER: 'none' }, true, false],
	[{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/v1/metrics' }, false, true],
	[{ OTEL_TRACES_EXPORTER: 'otlp' }, true, false],
])('%j asks for traces: %s, metrics: %s', (variables, traces, metrics) => {
	expect(readTelemetryWish(variables)).toEqual({ traces, metrics })
})
