import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { adminClient, bearer } from '../support/admin-client.ts'
import { call, hello } from '../support/call.ts'
import { startCollector } from '../support/otlp-collector.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const keys = ['sk-PLANTED-first-9a8b7c6d5e4f', 'odd"PLANTED\\key+of/no=vendor'] as const
const adminKey = 'admin-PLANTED-0a1b2c3d4e5f'
const metricsKey = 'scraper-PLANTED-5f4e3d2c1b'
const header = 'header-PLANTED-1122334455'
const urlKey = 'query-PLANTED-0099887766'
const collectorKey = 'collector-PLANTED-13579bdf'
const webhookSecret = `whsec_${Buffer.from('PLANTED webhook secret').toString('base64')}`
const secrets = [...keys, accessKey, adminKey, metricsKey, header, urlKey, collectorKey, webhookSecret]
/** Stored open, since requests are made of them: docs/security.md. */
const storedOpen: readonly string[] = [header, urlKey]

/** As it is, as JSON writes it, as JSON within JSON does, as URLs do. */
const spellings = (secret: string) => {
	const json = JSON.stringify(secret).slice(1, -1)
	return [secret, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(secret)]
}

const findLeaks = (text: string, wanted: readonly string[] = secrets) =>
	wanted.filter(secret => spellings(secret).some(written => text.includes(written)))

type Behaviour = 'answers' | 'refuses' | 'breaks' | 'breaks off' | 'has no credit'
const statuses = { answers: 200, refuses: 400, breaks: 500, 'breaks off': 200, 'has no credit': 402 } as const

/** An upstream that quotes whatever it was sent: keys, headers, its own address, and what the caller said. */
async function startEcho() {
	let behaviour = (_key: string): Behaviour => 'answers'
	const server = createServer((request, response) => {
		const chunks: Buffer[] = []
		request.on('data', chunk => chunks.push(chunk))
		request.on('end', () => {
			const key = String(request.headers.authorization).replace('Bearer ', '')
			const doing = behaviour(key)
			const echo = quote(request.url ?? '', request.headers, Buffer.concat(chunks).toString())
			if (doing === 'breaks off') return breakOff(response, echo)
			const body =
				doing === 'answers'
					? answer(echo)
					: { error: { message: `Insufficient? ${echo}`, param: echo, [key]: key } }
			const seen = {
				'content-type': 'application/json',
				'x-echo': encodeURI(key),
				'x-team': String(request.headers['x-team']),
			}
			response.writeHead(statuses[doing], seen).end(JSON.stringify(body))
		})
	})
	const breakOff = (response: ServerResponse, echo: string) => {
		const delta = { choices: [{ index: 0, delta: { content: 'some' } }] }
		const events = [delta, { error: { message: `cannot go on: ${echo}` } }]
		response.writeHead(200, { 'content-type': 'text/event-stream' })
		response.end(events.map(event => `data: ${JSON.stringify(event)}\n\n`).join(''))
	}
	const quote = (url: string, headers: IncomingHttpHeaders, body: string) =>
		`cannot serve ${url} with ${JSON.stringify(headers)} and ${body}; ${headers.authorization}; ${headers['x-team']}`
	const answer = (content: string) => ({
		...{ id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o' },
		choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
		usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1?key=${urlKey}`,
		behave(next: typeof behaviour) {
			behaviour = next
		},
		close: async () => void server.close().closeAllConnections(),
	}
}

describe.each(['node', 'fetch'] as const)(
	'planted keys, over the %s adapter',
	{ tags: ['inside-process'] },
	adapter => {
		let proxy: TestProxy
		let upstream: Awaited<ReturnType<typeof startEcho>>
		let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>
		let collector: Awaited<ReturnType<typeof startCollector>>
		/** Errors as clients got them. */
		const refusals: string[] = []
		const ask = (method: string, path: string, body?: unknown) =>
			adminClient(proxy, bearer(adminKey))(method, `/api${path}`, { body })

		beforeAll(async () => {
			;[upstream, receiver, collector] = await Promise.all([
				startEcho(),
				startWebhookReceiver(webhookSecret),
				startCollector(),
			])
			Object.assign(process.env, {
				OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
				OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
				OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${collectorKey}`,
			})
			const own = {
				ADMIN_ACCESS_KEY: adminKey,
				METRICS_KEY: metricsKey,
				LOG_LEVEL: 'debug',
				ALERT_ERROR_RATE: '1',
			}
			proxy = await startProxy(own, adapter)
			await proxy.use({ type: 'openai', baseUrl: upstream.url, extraHeaders: { 'x-team': header } }, [
				...keys,
			])
			await ask('PATCH', '/settings', { recording: { mode: 'all', maxKb: 64, days: 7 } })
			await ask('POST', '/webhooks', { name: 'chat', url: receiver.url, secret: webhookSecret })
			await vi.waitFor(() => expect(proxy.services.observation.incidents.listening).toBe(true))
			await sendAll()
			await proxy.services.flush()
			await proxy.services.observation.flush()
		})
		afterAll(async () => {
			await Promise.all([proxy?.close(), upstream?.close(), receiver?.close(), collector?.close()])
			for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name]
		})

		/** What goes well, what fails in each way, and what clients do with keys that they should not have. */
		async function sendAll(): Promise<void> {
			const known = secrets.filter(secret => secret !== collectorKey)
			const messages = [{ role: 'user', content: `I know ${known.join(' and ')}` }]
			const quoting = { ...hello, messages, metadata: { user_id: header } }
			const send = async (body: unknown, init?: Parameters<typeof call>[2]) => {
				const { status, text, headers } = await call(proxy, body, init)
				if (status !== 200) refusals.push(text + JSON.stringify([...headers]))
				return status
			}
			expect(await send(quoting)).toBe(200)
			expect(await send({ ...quoting, stream: true })).toBe(200)
			upstream.behave(key => (key === keys[0] ? 'has no credit' : 'answers'))
			expect(await send(hello)).toBe(200)
			upstream.behave(() => 'refuses')
			expect(await send(hello, { headers: { cookie: `a=${adminKey}`, 'x-team': header } })).toBe(400)
			upstream.behave(() => 'breaks off')
			const broken = await call(proxy, { ...hello, stream: true })
			expect(broken.text).toContain('event: error')
			refusals.push(broken.text)
			upstream.behave(() => 'breaks')
			for (let count = 0; count < 22; count++)
				expect(await send({ ...hello, stream: count % 2 === 0 })).toBe(500)
			await send(hello, { headers: { 'x-api-key': keys[0] } })
			await send(hello, { path: `/v1/messages?key=${urlKey}&token=${accessKey}` })
			await send(`{"broken ${keys[0]} ${accessKey}`)
			await send({ ...hello, max_tokens: adminKey })
			await call(proxy, hello, { path: '/v1/messages/count_tokens' })
			await fetch(`${proxy.url}/v1/models/${encodeURIComponent(keys[0])}`, {
				headers: { 'x-api-key': accessKey },
			})
		}

		test('no answer to a client holds one', () => {
			expect(refusals.length).toBeGreaterThan(25)
			// Requests that hold a secret themselves may get it back from nobody but their upstream.
			expect(refusals.flatMap(text => findLeaks(text))).toEqual([])
		})

		test('no log line holds one', () => {
			expect(proxy.logs().split('\n').length).toBeGreaterThan(50)
			expect(findLeaks(proxy.logs())).toEqual([])
		})

		test('no metric holds one', async () => {
			const answer = await fetch(`${proxy.url}/metrics`, {
				headers: { authorization: `Bearer ${metricsKey}` },
			})
			const text = await answer.text()
			expect(text).toContain('outcome="server"')
			expect(findLeaks(text)).toEqual([])
			expect(text).not.toContain('PLANTED')
		})

		test('no webhook holds one', async () => {
			const types = () => new Set(receiver.received.map(({ type }) => type))
			await expect.poll(types).toEqual(new Set(['key-demoted', 'keys-cooling', 'error-rate']))
			expect(receiver.received.flatMap(({ text }) => findLeaks(text))).toEqual([])
		})

		test('no span and no measurement holds one', () => {
			expect(collector.spans.length).toBeGreaterThan(50)
			expect(collector.points.length).toBeGreaterThan(0)
			expect(collector.requests.flatMap(({ body }) => findLeaks(body.toString()))).toEqual([])
		})

		test('no recording holds one, opened', async () => {
			const rows = await proxy.services.database.execute('SELECT request_id FROM payloads')
			expect(rows.length).toBeGreaterThan(25)
			for (const row of rows) {
				const opened = await proxy.services.payloads.find(String(row.request_id))
				const shown = await ask('GET', `/requests/${row.request_id}/payloads`)
				expect(shown.status).toBe(200)
				expect(findLeaks(JSON.stringify(opened) + shown.text)).toEqual([])
			}
		})

		test('no answer of the admin holds one: log, usage, keys and their history, settings', async () => {
			const { requests } = (await ask('GET', '/requests?limit=500')).body
			expect(requests.length).toBeGreaterThan(25)
			const { upstreams } = (await ask('GET', '/upstreams')).body
			const keyIds = ((await proxy.repository.read()).upstreams[0]?.keys ?? []).map(({ id }) => id)
			const paths = [
				...[
					'/requests?limit=500',
					'/usage',
					'/usage.csv',
					'/usage/day',
					'/status',
					'/upstreams',
					'/webhooks',
					'/settings',
					'/revisions',
				],
				...requests.map(({ id }: { id: string }) => `/requests/${id}`),
				...upstreams.map(({ id }: { id: string }) => `/upstreams/${id}`),
				...keyIds.map(id => `/keys/${id}/events`),
			]
			for (const path of paths) {
				const { status, text, headers } = await ask('GET', path)
				expect([path, status, findLeaks(text + JSON.stringify([...headers]))]).toEqual([path, 200, []])
			}
		})

		test('no file of the database holds one, but for what requests are made of', async () => {
			const file = proxy.services.environment.TURSO_DATABASE_URL.replace(/^file:/, '')
			const folder = file.replace(/[^/]*$/, '')
			const names = (await readdir(folder)).filter(name => name.startsWith('test.db'))
			const texts = await Promise.all(names.map(name => readFile(`${folder}${name}`, 'latin1')))
			const sealed = secrets.filter(secret => !storedOpen.includes(secret))
			expect(texts.flatMap(text => findLeaks(text, sealed))).toEqual([])
		})
	},
)
