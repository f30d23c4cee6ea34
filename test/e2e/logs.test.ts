import { afterEach, describe, expect, test } from 'vitest'
import { createLogger } from '../../api/_app/logger.ts'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0).reverse()) await each.close()
})

/** Keys of a shape that no vendor has, and one with characters that JSON escapes. */
const keys = ['planted-key-of-no-vendor-1', 'planted"key\\with=odd+signs/2', 'sk-planted-third-0123456789']
const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`
const adminKey = 'planted-admin-key-012345'

async function start(variables: Record<string, string>, adapter: 'node' | 'fetch' = 'node') {
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy({ ADMIN_ACCESS_KEY: adminKey, ...variables }, adapter)
	closing.push(upstream, proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, keys)
	const lines = () =>
		proxy
			.logs()
			.split('\n')
			.filter(line => line !== '')
			.map(line => JSON.parse(line) as Record<string, unknown>)
	return { upstream, proxy, lines }
}

describe('log lines', () => {
	test.each(['node', 'fetch'] as const)(
		'about one request all have its id and its trace, bodies only at debug (%s)',
		async adapter => {
			const { upstream, proxy, lines } = await start({ LOG_LEVEL: 'debug' }, adapter)
			upstream.script({ text: 'the answer' })
			const picture = 'iVBORw0KGgo'.repeat(100)
			const source = { type: 'base64', media_type: 'image/png', data: picture }
			const messages = [{ role: 'user', content: [{ type: 'image', source }] }]
			const answer = await call(proxy, { ...hello, messages, stream: true }, { headers: { traceparent } })
			await proxy.services.flush()
			const id = answer.headers.get('request-id')
			const about = lines().filter(line => line.id === id)
			expect(about.map(({ msg }) => msg)).toEqual(['request body', 'answer body', 'POST /v1/messages 200 ok'])
			for (const line of about) expect(line.traceId).toBe('c'.repeat(32))
			expect(about[0]?.body).toContain('(1100 characters of base64)')
			expect(about[1]?.body).toContain('event: message_start')
		},
	)

	test('say nothing of bodies at info, and nothing at all of what is switched off', async () => {
		const { upstream, proxy, lines } = await start({ ENABLE_REQUEST_LOGS: 'false' })
		upstream.script({ text: 'the answer' })
		await call(proxy)
		await proxy.services.flush()
		const [line] = lines()
		expect(line).toMatchObject({ msg: 'POST /v1/messages 200 ok', upstream: 'upstream 1' })
		expect(line).not.toHaveProperty('model')
		expect(proxy.logs()).not.toContain('the answer')
		const silent = await start({ ENABLE_REQUEST_LOGS: 'false', ENABLE_RESPONSE_LOGS: 'false' })
		await call(silent.proxy)
		await silent.proxy.services.flush()
		expect(silent.proxy.logs()).toBe('')
	})

	test.each(['debug', 'info', 'error'])(
		'at level %s hold no key, wherever one was put',
		{ tags: ['inside-process'] },
		async level => {
			const { upstream, proxy, lines } = await start({ LOG_LEVEL: level })
			for (const key of keys) {
				upstream.keyFaults.set(key, { status: 500, body: { error: { message: `bad ${key} here` } } })
			}
			const quoting = `my keys are ${keys.join(' ')} and ${accessKey}, and ${adminKey}`
			await call(proxy, { ...hello, model: keys[0], messages: [{ role: 'user', content: quoting }] })
			await call(proxy, { ...hello, stream: true })
			await call(proxy, hello, { headers: { 'x-api-key': keys[1]! } })
			await call(proxy, `not json ${keys[0]}`)
			await askAdmin(proxy, 'GET', `/keys/${keys[2]}/events`)
			const { logger, config } = proxy.services
			await config.refresh()
			for (const key of [...keys, accessKey, adminKey, 'sk-ant-api03-unknown-to-us-0123456789']) {
				logger.error(
					{ err: new Error(`cannot use ${key}`), deep: { list: [{ headers: { auth: key } }] } },
					key,
				)
				logger.error(`text ${key}`)
			}
			expect(lines().length).toBeGreaterThan(10)
			const text = proxy.logs()
			for (const key of [...keys, accessKey, adminKey, 'unknown-to-us']) {
				expect(text).not.toContain(key)
				expect(text).not.toContain(JSON.stringify(key).slice(1, -1))
			}
			expect(text).not.toContain('planted-')
		},
	)
})

test('the readable lines of a terminal pass the same scrubber', async () => {
	const written: string[] = []
	const logger = await createLogger('info', true, { write: line => void written.push(line) })
	logger.info({ header: 'Bearer sk-planted-0123456789abcdef' }, 'hello')
	expect(written.join('')).toContain('hello')
	expect(written.join('')).not.toContain('planted')
})
