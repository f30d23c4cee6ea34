import { afterEach, describe, expect, test } from 'vitest'
import { createConfigStore, createKeyRing, openDatabase } from '../../db/index.ts'
import { call, hello, readEvents } from '../support/call.ts'
import { bodyOf, type HealingSetup, setUpHealing } from '../support/healing.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const DAY = 24 * 3_600_000

let setup: HealingSetup

const setUp = async (...options: Parameters<typeof setUpHealing>): Promise<HealingSetup> => {
	setup = await setUpHealing(...options)
	return setup
}
afterEach(() => setup.close())

describe('a repair', () => {
	test('costs one refusal the first time and none from then on', async () => {
		const { upstream, callTwice, facts } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		const { first, second, counts } = await callTwice()
		expect([first.status, second.status]).toEqual([200, 200])
		expect(counts).toEqual([2, 1])
		expect(bodyOf(upstream.requests[0])).toHaveProperty('max_completion_tokens', 50)
		for (const request of upstream.requests.slice(1)) {
			expect(bodyOf(request)).toHaveProperty('max_tokens', 50)
			expect(bodyOf(request)).not.toHaveProperty('max_completion_tokens')
		}
		expect(await facts()).toEqual([{ model: 'gpt-4o', kind: 'token-field', field: 'max_tokens' }])
	})

	test('is recorded as an attempt of its own and noted, and does not cool the key', async () => {
		const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678']
		const { proxy, upstream, latestRecord } = await setUp(
			'openai',
			startOpenAiUpstream({ compat: 'old', keys }),
			keys,
		)
		await call(proxy)
		const record = await latestRecord()
		expect(record?.attempts.map(({ status, decision }) => [status, decision])).toEqual([
			[400, 'repaired'],
			[200, 'answered'],
		])
		expect(record).toMatchObject({ status: 200, outcome: 'ok' })
		expect(record?.notes).toContainEqual({
			field: 'max_tokens',
			action: 'repaired',
			detail: 'the upstream wants max_tokens',
		})
		await proxy.services.config.flush()
		expect(await proxy.services.database.execute('SELECT * FROM key_states')).toEqual([])
		await call(proxy)
		expect(new Set(upstream.requests.map(({ key }) => key))).toEqual(new Set([keys[0]]))
	})

	test('may follow on another: an old server refuses one field after the other', async () => {
		const { callTwice, facts } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		const { first, second, counts } = await callTwice({ ...hello, stream: true })
		expect(counts).toEqual([3, 1])
		for (const { text } of [first, second]) {
			expect(readEvents(text).map(({ type }) => type)).toContain('message_stop')
		}
		expect((await facts()).map(({ kind }) => kind)).toEqual(['no-field', 'token-field'])
	})

	test('asks for the whole answer where no stream is given, and streams it to the client', async () => {
		const { upstream, callTwice, facts } = await setUp('openai', startOpenAiUpstream())
		const message = 'Your organization must be verified to stream this model.'
		const error = { message, type: 'invalid_request_error', param: 'stream', code: 'unsupported_value' }
		upstream.onRequest = ({ body }) =>
			(body as { stream?: true }).stream ? { fault: { status: 400, body: { error } } } : undefined
		const { first, second, counts } = await callTwice({ ...hello, stream: true })
		expect(counts).toEqual([2, 1])
		for (const { text } of [first, second]) {
			expect(readEvents(text).map(({ type }) => type)).toContain('message_stop')
		}
		expect(await facts()).toEqual([{ model: 'gpt-4o', kind: 'no-field', path: 'stream' }])
	})

	test('is tried a few times at most', async () => {
		const { proxy, upstream, facts } = await setUp('openai', startOpenAiUpstream())
		const refusing = ['temperature', 'top_p', 'stop', 'parallel_tool_calls', 'stream_options', 'tool_choice']
		upstream.onRequest = request => {
			const named = refusing.find(name => name in (request.body as object)) ?? 'model'
			return { fault: { status: 400, body: { error: { message: `Unknown parameter: '${named}'.` } } } }
		}
		const answer = await call(proxy, {
			...hello,
			stream: true,
			temperature: 1,
			top_p: 1,
			stop_sequences: ['x'],
			tools: [{ name: 'f', input_schema: { type: 'object' } }],
			tool_choice: { type: 'any', disable_parallel_tool_use: true },
		})
		expect(answer.status).toBe(400)
		expect(upstream.requests).toHaveLength(5)
		expect(await facts()).toEqual([])
	})

	test('that does not help is not remembered, and the client gets the upstream’s last word', async () => {
		const { proxy, upstream, latestRecord, facts } = await setUp('openai', startOpenAiUpstream())
		upstream.onRequest = request => {
			const has = 'temperature' in (request.body as object)
			const message = has ? "Unsupported parameter: 'temperature'" : 'something else is wrong'
			return { fault: { status: 400, body: { error: { message } } } }
		}
		const answer = await call(proxy, { ...hello, temperature: 0.3 })
		expect(answer.status).toBe(400)
		expect(answer.body.error.message).toBe('something else is wrong')
		expect(upstream.requests).toHaveLength(2)
		expect((await latestRecord())?.attempts.map(({ decision }) => decision)).toEqual(['repaired', 'gave up'])
		expect(await facts()).toEqual([])
	})

	test('holds for the keys that follow', async () => {
		const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678']
		const { proxy, upstream, latestRecord } = await setUp(
			'openai',
			startOpenAiUpstream({ compat: 'old', keys }),
			keys,
		)
		upstream.script({ fault: upstream.faults.rateLimit }, { text: 'from the second key' })
		const answer = await call(proxy)
		expect(answer.body.content[0].text).toBe('from the second key')
		expect(upstream.requests.map(({ key }) => key)).toEqual([keys[0], keys[0], keys[1]])
		expect((await latestRecord())?.attempts.map(({ decision }) => decision)).toEqual([
			'repaired',
			'next key',
			'answered',
		])
	})

	test('is not tried for a refusal that names nothing that can be left out', async () => {
		const { proxy, upstream } = await setUp('openai', startOpenAiUpstream())
		const answer = await call(proxy, { ...hello, model: 'no-such-model' })
		expect(answer.status).toBe(404)
		expect(upstream.requests).toHaveLength(1)
	})
})

describe('what was learned', () => {
	test('holds for its model only', async () => {
		const { proxy, upstream } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		await call(proxy)
		await call(proxy, { ...hello, model: 'qwen-max' })
		expect(upstream.requests).toHaveLength(4)
	})

	test('is seen by another process', async () => {
		const { proxy, id } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		const { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken } = proxy.services.environment
		const database = await openDatabase({ url, ...(authToken && { authToken }) })
		const keyRing = createKeyRing('an encryption key for tests only')
		const other = createConfigStore({ database, keyRing, softMs: 0, hardMs: 0, waitMs: 60_000 })
		await other.current()
		expect(other.learnedFacts.of(id, 'gpt-4o')).toEqual([])
		await call(proxy)
		await proxy.services.config.flush()
		await other.current()
		expect(other.learnedFacts.of(id, 'gpt-4o')).toEqual([{ kind: 'token-field', field: 'max_tokens' }])
		await other.flush()
		database.close()
	})

	test('is forgotten after seven days', async () => {
		const { proxy, upstream, id } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		await call(proxy)
		await proxy.services.config.flush()
		const [fact] = await proxy.repository.listFacts(id)
		expect((fact?.expiresAt ?? 0) - (fact?.learnedAt ?? 0)).toBe(7 * DAY)
		await proxy.services.database.execute('UPDATE learned_facts SET expires_at = expires_at - ?', [8 * DAY])
		await proxy.services.config.refresh()
		expect(await proxy.repository.listFacts(id)).toEqual([])
		await call(proxy)
		expect(upstream.requests).toHaveLength(4)
	})

	test('can be forgotten, for one model or for all', async () => {
		const { proxy, upstream, id, facts } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		await call(proxy)
		await call(proxy, { ...hello, model: 'qwen-max' })
		await proxy.services.config.flush()
		expect(await proxy.repository.forgetFacts(id, 'qwen-max')).toBe(1)
		expect((await facts()).map(({ model }) => model)).toEqual(['gpt-4o'])
		expect(await proxy.repository.forgetFacts(id)).toBe(1)
		await proxy.services.config.refresh()
		upstream.requests.length = 0
		await call(proxy)
		expect(upstream.requests).toHaveLength(2)
	})

	test('goes with the base URL that taught it, and with the upstream', async () => {
		const { proxy, upstream, id, facts } = await setUp('openai', startOpenAiUpstream({ compat: 'old' }))
		await call(proxy)
		await proxy.services.config.flush()
		const meta = { author: 'cli' } as const
		await proxy.repository.updateUpstream(id, { description: 'still the same' }, meta)
		expect(await facts()).toHaveLength(1)
		await proxy.repository.updateUpstream(id, { baseUrl: `${upstream.url}/v1` }, meta)
		expect(await facts()).toEqual([])
		await proxy.services.config.refresh()
		await call(proxy)
		await proxy.services.config.flush()
		await proxy.repository.removeUpstream(id, meta)
		expect(await proxy.services.database.execute('SELECT * FROM learned_facts')).toEqual([])
	})
})
