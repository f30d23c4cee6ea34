import { afterEach, beforeEach, expect, test } from 'vitest'
import { hello } from '../../../test/support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../../../test/support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../../../test/support/upstreams/index.ts'
import { createFetchHandler } from './fetch-handler.ts'

let proxy: TestProxy
let upstream: ScriptedUpstream
beforeEach(async () => {
	;[proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream()])
	await proxy.use({ type: 'openai', baseUrl: upstream.url })
})
afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

const request = (body: object, signal?: AbortSignal) =>
	new Request('https://proxy.example/v1/messages', {
		...{ method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': accessKey } },
		...{ body: JSON.stringify(body), ...(signal && { signal }) },
	})

test('a client that leaves before the answer began keeps the platform from waiting', async () => {
	upstream.script({ fault: 'hang' })
	const leaving = new AbortController()
	const answer = createFetchHandler(proxy.services)(request(hello, leaving.signal))
	await upstream.waitForRequest()
	leaving.abort()
	expect((await answer).status).toBe(499)
})

test('one that leaves in the middle ends the body, though nobody cancels it', async () => {
	const gate = upstream.gate()
	upstream.script({ text: ['some ', 'more'], gate })
	gate.release(2)
	const leaving = new AbortController()
	const answer = await createFetchHandler(proxy.services)(request({ ...hello, stream: true }, leaving.signal))
	leaving.abort()
	const text = await answer.text()
	expect(text).toContain('some ')
	expect(text).not.toContain('more')
})

test('what is deferred is asked for while the request comes in, and is over when all is written', async () => {
	const deferred: Promise<unknown>[] = []
	const platform = {
		defer: (work: Promise<unknown>) => void deferred.push(work),
		readDeadline: () => undefined,
	}
	const answer = createFetchHandler(proxy.services, platform)(request(hello))
	expect(deferred).toHaveLength(1)
	await (await answer).text()
	await deferred[0]
	expect(proxy.services.requestLog.stats().pending).toBe(0)
})

test('requests that end together share the write of what they leave', async () => {
	let flushes = 0
	const flush = () => {
		flushes++
		return proxy.services.flush()
	}
	const deferred: Promise<unknown>[] = []
	const platform = {
		defer: (work: Promise<unknown>) => void deferred.push(work),
		readDeadline: () => undefined,
	}
	const answer = createFetchHandler({ ...proxy.services, flush }, platform)
	const gates = Array.from({ length: 5 }, () => upstream.gate())
	upstream.script(...gates.map(gate => ({ text: 'fine', gate })))
	const answers = gates.map(() => answer(request(hello)))
	await expect.poll(() => upstream.requests.length).toBe(5)
	for (const gate of gates) gate.open()
	for (const each of answers) expect((await each).status).toBe(200)
	await Promise.all(deferred)
	expect(flushes).toBe(1)
	expect(proxy.services.requestLog.stats()).toMatchObject({ pending: 0, written: 5 })
})

test('the platform’s own deadline ends a stream', async () => {
	upstream.script({ text: ['some ', 'more'], stallAfterEvents: 2 })
	const platform = { defer() {}, readDeadline: () => Date.now() + 500 }
	const answer = await createFetchHandler(proxy.services, platform)(request({ ...hello, stream: true }))
	const text = await answer.text()
	expect(text).toContain('event: error')
	expect(text).toContain('timeout_error')
})
