import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { clock, random } from '../../api/_app/runtime.ts'
import { createNodeTransport } from '../../api/_app/transport/node-transport.ts'
import { type UpstreamCase, upstreamCases } from '../../test/support/upstream-types.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../../test/support/upstreams/index.ts'
import type { LearnedFact } from '../config/learned-facts.ts'
import type { KeySnapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { upstreamInputSchema } from '../config/upstream.ts'
import { maskKey } from '../keys/mask.ts'
import { findAdapter } from '../upstreams/registry.ts'
import { type ProbeOptions, type ProbeServices, probeUpstream } from './probe.ts'
import { probeUpstreams } from './probe-all.ts'
import { probeResultSchema } from './probe-result.ts'

const good = 'sk-good-0123456789abcdef-good'
const bad = 'sk-bad-0123456789abcdef-badd'

const closing: (() => unknown)[] = []
afterEach(async () => {
	for (const close of closing.splice(0)) await close()
})

const remembered: LearnedFact[] = []
const faults: unknown[] = []

function createServices(facts: readonly LearnedFact[] = []): ProbeServices {
	const transport = createNodeTransport({})
	closing.push(() => {
		transport.close()
		remembered.length = 0
		faults.length = 0
	})
	return {
		...{ transport, clock, random, findAdapter, silenceMs: 300_000 },
		learnedFacts: { of: () => facts, remember: (_id, _model, learned) => void remembered.push(...learned) },
		reportFault: error => void faults.push(error),
	}
}

function createKey(id: string, secret: string, changes: Partial<KeySnapshot> = {}): KeySnapshot {
	return { id, secret, mask: maskKey(secret), enabled: true, health: new Map(), ...changes }
}

function createUpstream(
	type: string,
	baseUrl: string,
	changes: Partial<UpstreamSnapshot> = {},
): UpstreamSnapshot {
	const config = upstreamInputSchema.parse({ name: 'the upstream', type, baseUrl })
	return { ...config, id: 'up_1', keys: [createKey('key_1', good)], ...changes }
}

async function start(one: UpstreamCase, changes: Partial<UpstreamSnapshot> = {}) {
	const server = await one.start([good])
	closing.push(() => server.close())
	const upstream = createUpstream(one.type, server.url, { modelMap: { haiku: one.model }, ...changes })
	return { server, upstream }
}

async function probe(upstream: UpstreamSnapshot, options: ProbeOptions = {}, facts: LearnedFact[] = []) {
	const result = await probeUpstream(createServices(facts), upstream, options)
	expect(probeResultSchema.parse(result)).toEqual(result)
	expect(faults).toEqual([])
	expect(JSON.stringify(result)).not.toMatch(/0123456789abcdef/)
	return result
}

/** What proves that nothing but one small message was asked for. */
const messageRequests = (server: ScriptedUpstream) =>
	server.requests.filter(({ method }) => method === 'POST')

describe.each(upstreamCases)('a probe of type $type', one => {
	test('sends one small message and tells how it was answered', async () => {
		const { server, upstream } = await start(one)
		const result = await probe(upstream)
		expect(result).toMatchObject({
			...{ ok: true, status: 200, class: 'ok', message: '', model: one.model, answeredModel: one.model },
			...{ upstreamId: 'up_1', upstreamName: 'the upstream', keyId: 'key_1', keyMask: maskKey(good) },
			...{ connectMs: expect.any(Number), firstByteMs: expect.any(Number) },
		})
		const request = server.requests.at(-1)
		expect(result.url.startsWith(server.url + request!.path)).toBe(true)
		expect(request!.rawBody.length).toBeLessThan(600)
		expect(result.firstByteMs).toBeLessThanOrEqual(result.totalMs)
	})

	test('tells a wrong key by its class, its own words and no secret', async () => {
		const { upstream } = await start(one, { keys: [createKey('key_1', bad)] })
		const result = await probe(upstream)
		expect(result).toMatchObject({ ok: false, class: 'auth', keyMask: maskKey(bad), answeredModel: null })
		expect([400, 401, 403]).toContain(result.status)
		expect(result.message).not.toBe('')
	})

	test('tells a model that the upstream does not have', async () => {
		const { server, upstream } = await start(one)
		const result = await probe(upstream, { model: 'no-such-model' })
		expect(result).toMatchObject({ ok: false, status: 404, class: 'client', model: 'no-such-model' })
		expect(server.requests.map(({ method }) => method)).not.toContain('GET')
	})

	test('asks for one of the models that the upstream lists when the map names none', async () => {
		const { server, upstream } = await start(one, { modelMap: {} })
		const result = await probe(upstream)
		expect(result).toMatchObject({ ok: true, answeredModel: result.model })
		expect([...new Set(server.requests.map(({ method }) => method))]).toEqual(['GET', 'POST'])
	})

	test('a web page in place of an answer is the server’s fault, with the status it came with', async () => {
		const { server, upstream } = await start(one)
		server.script({ fault: 'html' })
		expect(await probe(upstream)).toMatchObject({ ok: false, status: 200, class: 'server' })
	})

	test('reads a compressed answer', async () => {
		const { server, upstream } = await start(one)
		server.script({ text: 'hello', encoding: 'gzip' })
		expect(await probe(upstream)).toMatchObject({ ok: true, answeredModel: one.model })
	})

	test('an answer that breaks off in its middle is none', async () => {
		const { server, upstream } = await start(one)
		server.script({ text: ['one ', 'two ', 'three'], cutAfterEvents: 2 })
		expect(await probe(upstream)).toMatchObject({ ok: false, status: 200, class: 'network' })
	})

	test('gives up after its time, and drops the connection', async () => {
		const { server, upstream } = await start(one)
		server.script({ fault: 'hang' })
		const result = await probe(upstream, { timeoutMs: 150 })
		expect(result).toMatchObject({ ok: false, status: 0, class: 'timeout', firstByteMs: null })
		expect(result.message).toMatch(/0\.[12] s/)
		await server.waitForAbort()
	})

	test('an answer that falls silent is given up, too', async () => {
		const { server, upstream } = await start(one)
		server.script({ text: ['one ', 'two'], stallAfterEvents: 1 })
		const result = await probe(upstream, { timeoutMs: 200 })
		expect(result).toMatchObject({ ok: false, status: 200, class: 'timeout' })
		await server.waitForAbort()
	})
})

describe('a probe', () => {
	test('stops when nobody waits any more', async () => {
		const { server, upstream } = await start(upstreamCases[0]!)
		server.script({ fault: 'hang' })
		const leaving = new AbortController()
		const result = probe(upstream, { signal: leaving.signal })
		await server.waitForRequest()
		leaving.abort()
		expect(await result).toMatchObject({ ok: false, class: 'cancelled' })
		await server.waitForAbort()
		expect(await probe(upstream, { signal: leaving.signal })).toMatchObject({ class: 'cancelled', url: '' })
	})

	test('tells a refused connection', async () => {
		const result = await probe(createUpstream('openai', 'http://127.0.0.1:9', { modelMap: { haiku: 'x' } }))
		expect(result).toMatchObject({
			ok: false,
			status: 0,
			class: 'network',
			connectMs: null,
			firstByteMs: null,
		})
		expect(result.message).toMatch(/connection refused/)
		expect(result.url).toBe('http://127.0.0.1:9/v1/chat/completions')
	})

	test('tells a certificate that does not hold, and how long the handshake took once it is let be', async () => {
		const fixture = (name: string) =>
			readFileSync(new URL(`../../test/fixtures/tls/${name}`, import.meta.url))
		const server = createSecureServer(
			{ key: fixture('key.pem'), cert: fixture('certificate.pem') },
			(_request, response) => response.writeHead(503).end('{"error":{"message":"closed"}}'),
		)
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		closing.push(() => {
			server.closeAllConnections()
			server.close()
		})
		const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`
		const upstream = createUpstream('openai', baseUrl, { modelMap: { haiku: 'x' } })
		expect(await probe(upstream)).toMatchObject({
			...{ ok: false, status: 0, class: 'network', connectMs: null },
			message: expect.stringMatching(/certificate/),
		})
		expect(await probe({ ...upstream, insecureSkipVerify: true })).toMatchObject({
			...{ ok: false, status: 503, class: 'server', message: 'closed', connectMs: expect.any(Number) },
		})
	})

	test.each([
		['quota', { status: 429, class: 'quota' }],
		['rateLimit', { status: 429, class: 'rate_limit' }],
	] as const)('tells %s from other refusals', async (name, expected) => {
		const { server, upstream } = await start(upstreamCases[0]!)
		server.keyFaults.set(good, server.faults[name])
		expect(await probe(upstream)).toMatchObject({ ok: false, ...expected })
	})

	test('tells a redirect by its own status', async () => {
		const server = createServer((_request, response) => response.writeHead(302, { location: '/login' }).end())
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		closing.push(() => server.close())
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
		const upstream = createUpstream('claude', baseUrl, { modelMap: { haiku: 'x' } })
		expect(await probe(upstream)).toMatchObject({ ok: false, status: 302, class: 'server' })
	})

	test('uses the key that was asked for, though it is paused or cools', async () => {
		const { server, upstream } = await start(upstreamCases[0]!)
		const cooling = new Map([['', { cooldownUntil: Number.MAX_SAFE_INTEGER, streak: 3, probeUntil: 0 }]])
		const keys = [
			createKey('key_off', bad, { enabled: false }),
			createKey('key_cooling', good, { health: cooling }),
		]
		expect(await probe({ ...upstream, keys })).toMatchObject({ ok: true, keyId: 'key_cooling' })
		expect(await probe({ ...upstream, keys }, { keyId: 'key_off' })).toMatchObject({
			class: 'auth',
			keyId: 'key_off',
		})
		expect(server.requests.map(({ key }) => key)).toEqual([good, bad])
	})

	test.each([
		['no key', [], {}, /has no key/],
		[
			'a key that cannot be opened',
			[{ ...createKey('key_1', good), secret: undefined }],
			{},
			/no usable key/,
		],
		[
			'the same, when it is asked for',
			[{ ...createKey('key_1', good), secret: undefined }],
			{ keyId: 'key_1' },
			/ENCRYPTION_KEY/,
		],
		['an unknown key', [createKey('key_1', good)], { keyId: 'key_2' }, /no such key/],
	])('calls nobody with %s', async (_name, keys, options, words) => {
		const { server, upstream } = await start(upstreamCases[0]!, { keys })
		const result = await probe(upstream, options)
		expect(result).toMatchObject({ ok: false, status: 0, class: 'auth', url: '' })
		expect(result.message).toMatch(words)
		expect(server.requests).toEqual([])
	})

	test('respects what refusals taught, repairs as a client’s request would be, and remembers nothing', async () => {
		const server = await startOpenAiUpstream({ keys: [good], compat: 'old' })
		closing.push(() => server.close())
		const upstream = createUpstream('openai', server.url, { modelMap: { haiku: 'qwen-max' } })
		expect(await probe(upstream)).toMatchObject({ ok: true, status: 200 })
		expect(messageRequests(server).length).toBeGreaterThan(1)
		expect(messageRequests(server)[0]!.refused).toBeDefined()
		expect(remembered).toEqual([])
		const before = server.requests.length
		const facts: LearnedFact[] = [
			{ kind: 'token-field', field: 'max_tokens' },
			{ kind: 'no-field', path: 'stream_options' },
		]
		expect(await probe(upstream, {}, facts)).toMatchObject({ ok: true })
		expect(server.requests).toHaveLength(before + 1)
	})

	test('hides keys that a URL or an answer quotes', async () => {
		const server = await startAnthropicUpstream({ keys: [good] })
		closing.push(() => server.close())
		const header = 'team-secret-0123456789abcdef'
		const upstream = createUpstream('claude', `${server.url}?api_key=${good}`, {
			...{ modelMap: { haiku: 'claude-haiku-4-5' }, extraHeaders: { 'x-team': header } },
		})
		const message = `the key ${good} of ${header} is no good`
		server.script({
			fault: { status: 401, body: { type: 'error', error: { type: 'authentication_error', message } } },
		})
		const result = await probe(upstream)
		expect(result.message).toMatch(/^the key sk-…good of team…cdef is no good$/)
		expect(result.url).toBe(`${server.url}/v1/messages?api_key=••••`)
	})

	test('maps a model as a client’s request would be', async () => {
		const { upstream } = await start(upstreamCases[0]!, {
			modelMap: { opus: 'gpt-4o', haiku: 'gpt-4o-mini' },
		})
		expect(await probe(upstream, { model: 'claude-opus-4-5' })).toMatchObject({ ok: true, model: 'gpt-4o' })
		expect(await probe(upstream, { model: 'gpt-4o' })).toMatchObject({ ok: true, model: 'gpt-4o' })
	})

	test('says so where this version does not know the type', async () => {
		const upstream = createUpstream('future', 'http://127.0.0.1:9')
		expect(await probe(upstream)).toMatchObject({
			class: 'client',
			message: expect.stringContaining('"future"'),
		})
	})
})

describe('probeUpstreams', () => {
	const startMany = async (count: number) => {
		const server = await startOpenAiUpstream({ keys: [good] })
		closing.push(() => server.close())
		const upstreams = Array.from({ length: count }, (_, index) =>
			createUpstream('openai', server.url, { id: `up_${index}`, modelMap: { haiku: 'gpt-4o' } }),
		)
		return { server, upstreams }
	}

	test('has no more on their way than allowed, tells each as it comes and returns them in order', async () => {
		const { server, upstreams } = await startMany(7)
		let running = 0
		let most = 0
		server.onRequest = () => {
			most = Math.max(most, ++running)
			return undefined
		}
		const told: string[] = []
		const results = await probeUpstreams(createServices(), upstreams, {
			concurrency: 2,
			onResult: ({ upstreamId }) => {
				running--
				told.push(upstreamId)
			},
		})
		expect(results.map(({ upstreamId, ok }) => [upstreamId, ok])).toEqual(
			upstreams.map(({ id }) => [id, true]),
		)
		expect(told.sort()).toEqual(upstreams.map(({ id }) => id))
		expect(most).toBe(2)
	})

	test('begins no other after a failure when told to', async () => {
		const { server, upstreams } = await startMany(4)
		server.script({ text: 'fine' }, { fault: { status: 500, body: {} } })
		const results = await probeUpstreams(createServices(), upstreams, { concurrency: 1, failFast: true })
		expect(results.map(({ ok }) => ok)).toEqual([true, false])
		expect(server.requests).toHaveLength(2)
	})

	test('stops with its signal', async () => {
		const { server, upstreams } = await startMany(4)
		server.script({ fault: 'hang' }, { fault: 'hang' })
		const leaving = new AbortController()
		const done = probeUpstreams(createServices(), upstreams, { concurrency: 2, signal: leaving.signal })
		await server.waitForRequest(2)
		leaving.abort()
		expect(await done).toEqual([])
		expect(server.requests).toHaveLength(2)
	})
})
