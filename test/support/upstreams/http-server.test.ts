import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from './index.ts'
import { type Call, callRaw, dataOf } from './raw-client.ts'

let upstream: ScriptedUpstream

beforeEach(async () => {
	upstream = await startOpenAiUpstream({ keys: ['sk-good', 'sk-other'] })
})
afterEach(() => upstream.close())

const call = (options?: Call) => callRaw(upstream, options)

describe('script', () => {
	test('replies are taken in order, by accepted requests only, and then the echo answers', async () => {
		upstream.script({ text: 'first' }, request => ({ text: `body of ${request.rawBody.length} bytes` }))
		expect((await call({ stream: false, key: 'sk-unknown' })).status).toBe(401)
		expect(upstream.pending()).toBe(2)
		expect((await call({ stream: false })).text).toContain('"content":"first"')
		const size = upstream.requests[1]?.rawBody.length
		expect((await call({ stream: false })).text).toContain(`body of ${size} bytes`)
		expect((await call({ stream: false })).text).toContain('You said: hello')
	})

	test('onRequest answers what nobody scripted', async () => {
		upstream.onRequest = request => ({ text: `key ${request.key}` })
		upstream.script({ text: 'scripted' })
		expect((await call({ stream: false })).text).toContain('scripted')
		expect((await call({ stream: false })).text).toContain('key sk-good')
	})

	test('a request is recorded with everything that identifies it', async () => {
		await call({ path: '/v1/chat/completions?a=b', key: 'sk-other' })
		expect(upstream.requests[0]).toMatchObject({
			method: 'POST',
			path: '/v1/chat/completions',
			query: { a: 'b' },
			key: 'sk-other',
			body: { model: 'gpt-4o' },
			aborted: false,
		})
		expect(upstream.requests[0]?.headers['content-type']).toBe('application/json')
	})

	test('a key fault meets its key on every request and leaves the script alone', async () => {
		upstream.keyFaults.set('sk-good', upstream.faults.quota)
		upstream.script({ text: 'for the other key' })
		const refused = await call()
		expect(refused.status).toBe(429)
		expect(JSON.parse(refused.text).error.code).toBe('insufficient_quota')
		expect((await call({ key: 'sk-other' })).text).toContain('for')
	})

	test('models and countTokens take replies from their own queues', async () => {
		upstream.scriptRoute('models', { fault: { status: 503, body: { error: 'busy' } } })
		const get = () => fetch(`${upstream.url}/v1/models`, { headers: { authorization: 'Bearer sk-good' } })
		expect((await get()).status).toBe(503)
		expect((await get()).status).toBe(200)
	})
})

describe('gates and waiting', () => {
	test('each event waits for the gate, and the gate tells when the upstream stands at it', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['one', 'two'], gate })
		const seen = Promise.withResolvers<void>()
		const outcome = call({ onChunk: text => text.includes('"one"') && seen.resolve() })
		await gate.blocked()
		gate.release(2)
		await seen.promise
		await gate.blocked()
		gate.open()
		expect(dataOf((await outcome).text).at(-1)).toBe('[DONE]')
	})

	test('waitForAbort resolves when the client leaves a request that hangs', async () => {
		const leaving = new AbortController()
		upstream.script({ fault: 'hang' })
		const outcome = call({ signal: leaving.signal }).catch(() => 'left')
		const request = await upstream.waitForRequest()
		expect(request.aborted).toBe(false)
		leaving.abort()
		expect(await upstream.waitForAbort()).toBe(request)
		expect(request.aborted).toBe(true)
		expect(await outcome).toBe('left')
	})

	test('a client that leaves in the middle of a gated stream is noticed', async () => {
		const leaving = new AbortController()
		const gate = upstream.gate()
		upstream.script({ text: ['one', 'two'], gate })
		gate.release(2)
		const leave = (text: string) => text.includes('one') && leaving.abort()
		const outcome = call({ signal: leaving.signal, onChunk: leave }).catch(() => undefined)
		await upstream.waitForAbort()
		expect((await outcome)?.complete ?? false).toBe(false)
	})
})
