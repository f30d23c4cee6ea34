import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { createKeyRing, createWebhooks, generateEncryptionKey, joinRing, rotateKeys } from '../../db/index.ts'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0).reverse()) await each.close()
})

const keys = ['sk-planted-first-0123456789', 'sk-planted-second-012345678']
const broken = { status: 500, body: { error: { message: 'no' } } }

async function start(variables: Record<string, string> = {}, usedKeys = keys) {
	const secret = `whsec_${randomBytes(24).toString('base64')}`
	const receiver = await startWebhookReceiver(secret)
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy(variables)
	closing.push(upstream, receiver, proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, usedKeys)
	return { secret, receiver, upstream, proxy }
}

async function listen(proxy: TestProxy, input: object): Promise<{ id: string; secret: string }> {
	const { status, body } = await askAdmin(proxy, 'POST', '/webhooks', input)
	expect(status).toBe(201)
	await expect.poll(() => proxy.services.observation.incidents.listening).toBe(true)
	return body
}

describe('webhooks', () => {
	test('are told, signed, once per incident, when all keys of an upstream cool; and again after it recovered', {
		tags: ['inside-process'],
	}, async () => {
		const { secret, receiver, upstream, proxy } = await start()
		await listen(proxy, { name: 'chat', url: receiver.url, secret, events: ['keys-cooling'] })
		for (const key of keys) upstream.keyFaults.set(key, broken)
		await call(proxy)
		await call(proxy)
		await expect.poll(() => receiver.received.length).toBe(1)
		const [message] = receiver.received
		expect(message).toMatchObject({
			...{ type: 'keys-cooling', signed: true },
			data: { upstream: 'upstream 1', keys: 2, readyAt: expect.stringMatching(/^\d{4}-/) },
		})
		// Cooling keys are tried when nothing else is left; one that answers ends the incident.
		upstream.keyFaults.clear()
		expect((await call(proxy)).status).toBe(200)
		const incidents = () => proxy.services.database.execute('SELECT * FROM webhook_incidents')
		await expect.poll(incidents).toEqual([])
		for (const key of keys) upstream.keyFaults.set(key, broken)
		await call(proxy)
		await expect.poll(() => receiver.received.length).toBe(2)
		expect(receiver.received.map(({ text }) => text).join()).not.toContain('planted')
	})

	test('are told of a demoted key by its mask', { tags: ['inside-process'] }, async () => {
		const { secret, receiver, upstream, proxy } = await start()
		await listen(proxy, { name: 'chat', url: receiver.url, secret, events: ['key-demoted'] })
		const error = { type: 'insufficient_quota', code: 'insufficient_quota', message: `quota of ${keys[0]}` }
		upstream.keyFaults.set(keys[0]!, { status: 429, body: { error } })
		expect((await call(proxy)).status).toBe(200)
		await expect.poll(() => receiver.received.length).toBe(1)
		expect(receiver.received[0]).toMatchObject({
			...{ type: 'key-demoted', signed: true },
			data: { key: 'sk-…6789', class: 'quota', status: 429 },
		})
		expect(receiver.received[0]?.text).not.toContain('planted')
	})

	test('are told when too many requests fail, once', { tags: ['inside-process'] }, async () => {
		const { secret, receiver, upstream, proxy } = await start({ ALERT_ERROR_RATE: '40' })
		await listen(proxy, { name: 'chat', url: receiver.url, secret, events: ['error-rate'] })
		for (const key of keys) upstream.keyFaults.set(key, broken)
		for (let count = 0; count < 25; count++) await call(proxy)
		await expect.poll(() => receiver.received.length).toBe(1)
		expect(receiver.received[0]).toMatchObject({ type: 'error-rate', data: { percent: 100, failed: 20 } })
	})

	test('a message that is not taken is sent again with the same id, and a refusal is not', {
		tags: ['inside-process'],
	}, async () => {
		const { secret, receiver, proxy } = await start()
		const { id } = await listen(proxy, { name: 'chat', url: receiver.url, secret })
		const { outbox, webhooks } = proxy.services.observation
		const [target] = await webhooks.targets()
		receiver.answer(503, 204, 410)
		const message = { id: 'msg_1', type: 'test', timestamp: new Date().toISOString(), data: {} }
		outbox.send(target!, message)
		await expect.poll(() => receiver.received.length).toBe(2)
		expect(receiver.received.map(each => each.id)).toEqual(['msg_1', 'msg_1'])
		await expect.poll(() => outbox.pending).toBe(0)
		outbox.send(target!, { ...message, id: 'msg_2' })
		await expect.poll(() => outbox.pending).toBe(0)
		expect(receiver.received).toHaveLength(3)
		await expect
			.poll(async () => (await webhooks.list()).find(each => each.id === id)?.lastError)
			.toBe('answered with 410')
	})

	test('a receiver that hangs, and very many messages, hold nothing up and stay bounded', {
		tags: ['inside-process'],
	}, async () => {
		const { secret, receiver, upstream, proxy } = await start()
		await listen(proxy, { name: 'chat', url: 'http://127.0.0.1:9/', secret })
		const { outbox, webhooks } = proxy.services.observation
		const [target] = await webhooks.targets()
		for (let count = 0; count < 500; count++) {
			outbox.send(target!, { id: `msg_${count}`, type: 'test', timestamp: '', data: {} })
		}
		expect(outbox.pending).toBe(100)
		upstream.script({ text: 'fine' })
		expect((await call(proxy)).body.content[0].text).toBe('fine')
		expect(receiver.received).toEqual([])
	})
})

describe('the API of webhooks', () => {
	test('shows neither address nor secret, and a test message tells how it was answered', {
		tags: ['inside-process'],
	}, async () => {
		const { receiver, proxy } = await start()
		const { id, secret } = await listen(proxy, { name: 'chat', url: receiver.url })
		expect(secret).toMatch(/^whsec_/)
		const { body, text } = await askAdmin(proxy, 'GET', '/webhooks')
		expect(body.webhooks).toMatchObject([
			{ id, name: 'chat', url: `${new URL(receiver.url).origin}/••••`, enabled: true, readable: true },
		])
		expect(text).not.toContain('hook-path-secret')
		expect(text).not.toContain(secret)
		receiver.answer(500)
		const failed = await askAdmin(proxy, 'POST', `/webhooks/${id}/test`)
		expect(failed.body).toMatchObject({ ok: false, status: 500, error: 'answered with 500' })
		const worked = await askAdmin(proxy, 'POST', `/webhooks/${id}/test`)
		expect(worked.body).toMatchObject({ ok: true, status: 204, error: '' })
		expect(receiver.received.map(({ type }) => type)).toEqual(['test', 'test'])
		expect((await askAdmin(proxy, 'PATCH', `/webhooks/${id}`, { enabled: false })).status).toBe(200)
		expect((await askAdmin(proxy, 'GET', '/webhooks')).body.webhooks[0]).toMatchObject({ enabled: false })
		expect((await askAdmin(proxy, 'DELETE', `/webhooks/${id}`)).status).toBe(200)
		expect((await askAdmin(proxy, 'DELETE', `/webhooks/${id}`)).status).toBe(404)
		expect(proxy.logs()).not.toContain('hook-path-secret')
	})

	test.each([
		['http://169.254.169.254/latest/meta-data', /metadata service/],
		['http://metadata.google.internal/', /metadata service/],
		['file:///etc/passwd', /http:\/\/ or https:\/\//],
	])('refuses %s', async (url, words) => {
		const { proxy } = await start()
		const { status, body } = await askAdmin(proxy, 'POST', '/webhooks', { name: 'x', url })
		expect(status).toBe(400)
		expect(body.error.message).toMatch(words)
	})

	test('of many instances that see an incident one tells it; after a rotation of the ring they are still open', {
		tags: ['inside-process'],
	}, async () => {
		const { secret, receiver, proxy } = await start()
		await listen(proxy, { name: 'chat', url: receiver.url, secret })
		const { database } = proxy.services
		const ring = createKeyRing('an encryption key for tests only')
		const stores = Array.from({ length: 8 }, () => createWebhooks(database, ring))
		const won = await Promise.all(stores.map(store => store.claim('keys-cooling', 'up_1', 60_000)))
		expect(won.filter(Boolean)).toHaveLength(1)
		const next = createKeyRing(joinRing(generateEncryptionKey(), 'an encryption key for tests only'))
		await rotateKeys(database, next)
		expect(await createWebhooks(database, next).targets()).toMatchObject([{ url: receiver.url, secret }])
	})
})
