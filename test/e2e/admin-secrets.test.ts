import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdminAnswer, adminClient, bearer, signIn } from '../support/admin-client.ts'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const adminKey = 'admin-key-NEVERSHOWN-0a1b2c3d4e'
const encryptionKey = 'an encryption key for tests only'
const passphrase = 'passphrase NEVERSHOWN 1f2e3d4c5b'
const keys = ['sk-NEVERSHOWN-first-9a8b7c6d5e', 'sk-NEVERSHOWN-second-4f3e2d1c0b'] as const
const lateKey = 'sk-NEVERSHOWN-late-77665544332211'
/** What an upstream carries besides its keys: stored as it is, since requests need it, and never answered. */
const carried = {
	header: 'header-NEVERSHOWN-1122334455',
	proxyPassword: 'proxy-NEVERSHOWN-6677889900',
	urlPassword: 'url-NEVERSHOWN-5566778899',
	urlKey: 'query-NEVERSHOWN-0099887766',
	webhook: 'hook-NEVERSHOWN-2233445566',
}

interface Operation {
	name: string
	method: string
	path: string
	parameters: { name: string; in: string }[]
	/** Fields of the body; undefined when it takes none. */
	fields: string[] | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: the document is looked into as it comes
type Document = any

/** Every operation of the served document. */
function listOperations(document: Document): Operation[] {
	const resolve = (schema: Document): Document =>
		schema?.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1)]
	return Object.entries<Document>(document.paths).flatMap(([path, methods]) =>
		Object.entries<Document>(methods).map(([method, operation]) => {
			const schema = resolve(operation.requestBody?.content['application/json']?.schema)
			return {
				...{ name: operation.operationId, method: method.toUpperCase(), path },
				parameters: operation.parameters ?? [],
				fields: operation.requestBody && Object.keys(schema?.properties ?? {}),
			}
		}),
	)
}

/** Free text that is meant to be shown: who writes a secret there has published it. */
const shownText = ['description', 'message', 'model']

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let operations: Operation[]
	let sessionToken: string
	/** Never in a database file either. */
	let secrets: string[]
	const answers: { what: string; text: string }[] = []

	const ask = async (
		method: string,
		path: string,
		options: { body?: unknown; headers?: Record<string, string> } = {},
	): Promise<AdminAnswer> => {
		const answer = await adminClient(proxy, bearer(adminKey))(method, path, options)
		answers.push({ what: `${method} ${path}`, text: JSON.stringify([answer.text, ...answer.headers]) })
		return answer
	}

	beforeAll(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({ ADMIN_ACCESS_KEY: adminKey, LOG_LEVEL: 'debug', NODE_ENV: 'development' }, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		const { cookie } = await signIn(proxy, adminKey)
		sessionToken = cookie.slice(cookie.indexOf('=') + 1)
		secrets = [...keys, lateKey, adminKey, accessKey, encryptionKey, passphrase, sessionToken]
		const { url } = upstream
		await ask('POST', '/api/upstreams', { body: { name: 'plain', type: 'openai', baseUrl: url, keys } })
		await ask('POST', '/api/upstreams', {
			body: {
				...{ name: 'laden', type: 'openai', keys: [keys[0]], extraHeaders: { 'x-secret': carried.header } },
				baseUrl: `https://me:${carried.urlPassword}@upstream.invalid/v1?key=${carried.urlKey}`,
				website: `https://me:${carried.urlPassword}@upstream.invalid/`,
				proxyUrl: `http://me:${carried.proxyPassword}@127.0.0.1:9`,
			},
		})
		operations = listOperations((await ask('GET', '/api/openapi.json')).body)
	})
	afterAll(() => Promise.all([proxy.close(), upstream.close()]))

	/** What was answered and logged, with what leaked first. */
	function expectNothingLeaked(wanted: readonly string[], texts: readonly { what: string; text: string }[]) {
		const leaks = texts.flatMap(({ what, text }) =>
			wanted
				.filter(secret => text.includes(secret) || text.includes(encodeURIComponent(secret)))
				.map(secret => `${what}: ${secret}`),
		)
		expect(leaks).toEqual([])
	}

	test('an upstream that quotes the key has it masked', async () => {
		for (const key of keys) {
			const body = { error: { message: `Incorrect API key provided: ${key}` } }
			upstream.keyFaults.set(key, { status: 401, body })
		}
		const refused = await call(proxy)
		upstream.keyFaults.clear()
		await proxy.services.config.flush()
		await proxy.services.requestLog.flush()
		expect(refused.status).toBe(401)
		answers.push({ what: 'POST /v1/messages', text: refused.text })
		const { events } = (await ask('GET', `/api/keys/${await firstKeyId()}/events`)).body
		expect(events[0].message).toContain('Incorrect API key provided')
	})

	test('secrets in wrong places are never repeated', async () => {
		expect(operations.length).toBeGreaterThan(30)
		for (const secret of [keys[0], passphrase, adminKey, sessionToken]) {
			if (secret === keys[0] || secret === passphrase) {
				for (const operation of operations) await misplace(operation, secret)
			}
			for (const path of [`/api/${secret}`, `/api/keys/${secret}/nothing`, `/${secret}`, `/v1/${secret}`]) {
				await ask('GET', encodeURI(path))
			}
			const wrongKey = { 'x-api-key': `${secret}x` }
			answers.push({ what: 'a wrong key', text: (await call(proxy, hello, { headers: wrongKey })).text })
		}
		expectNothingLeaked([...secrets, ...Object.values(carried)], answers)
	})

	async function misplace({ method, path, parameters, fields }: Operation, secret: string): Promise<void> {
		const bad = encodeURIComponent(secret)
		const filled = path.replaceAll(/\{\w+\}/g, bad)
		const body = fields === undefined ? undefined : {}
		// Without this the session that the test looks for would be signed out.
		if (filled === path && method === 'DELETE') return
		if (filled !== path) await ask(method, filled, { body })
		const valid = path.replaceAll(/\{\w+\}/g, 'up_gone')
		for (const { name } of parameters.filter(parameter => parameter.in === 'query')) {
			await ask(method, `${valid}?${name}=${bad}`, { body })
		}
		await ask(method, `${valid}?${bad}=${bad}`, { body, headers: { 'if-match': bad } })
		if (fields === undefined) return
		const values = [{ [secret]: secret }, JSON.stringify(secret), secret, [secret]]
		for (const value of values) await ask(method, valid, { body: value })
		for (const field of fields.filter(name => !shownText.includes(name))) {
			for (const value of [secret, [secret], { [secret]: secret }]) {
				await ask(method, valid, { body: { [field]: value } })
			}
		}
	}

	const firstKeyId = async () => (await proxy.repository.read()).upstreams[0]?.keys[0]?.id ?? ''

	/** A valid call of every operation; one that changes much comes late. Nothing is where the laden upstream should be. */
	async function callAll(): Promise<void> {
		const [plain, laden] = (await proxy.repository.read()).upstreams
		const [id, keyId] = [laden?.id ?? '', plain?.keys[0]?.id ?? '']
		const added = {
			type: 'openai',
			baseUrl: `https://u:${carried.urlPassword}@upstream.invalid?key=${carried.urlKey}`,
		}
		const document = (await proxy.repository.exportConfig({ format: 'claude-proxy', keys: 'plain' })).document
		const bodies: Record<string, unknown> = {
			...{
				signIn: { key: adminKey },
				addKeys: { keys: [lateKey] },
				judgeKeys: { keys: [lateKey, keys[1]] },
			},
			...{ addUpstream: { name: 'third', keys: [lateKey], ...added }, previewUpstream: added },
			changeUpstream: {
				...{ baseUrl: added.baseUrl, extraHeaders: { 'x-secret': carried.header, 'x-more': carried.header } },
				proxyUrl: `http://other:${carried.proxyPassword}@127.0.0.1:9`,
			},
			...{
				orderUpstreams: { ids: [id] },
				orderKeys: { ids: [] },
				changeKey: { enabled: true },
				clearKey: {},
			},
			...{ setCurrent: { upstreamId: id }, setStrategy: { strategy: 'random' }, changeSettings: {} },
			...{ changeRevision: { pinned: true }, restoreRevision: { dryRun: true } },
			...{ exportConfig: { keys: 'none' }, importConfig: { document, mode: 'replace', dryRun: true } },
			...{ probeUpstream: { timeoutMs: 1000 }, probeUpstreams: {} },
			...{ replayRequest: {}, runPlayground: { request: hello, upstreamId: id, dryRun: true } },
			convertAnswer: { upstreamType: 'openai', answer: '{}' },
			deleteRequests: { confirm: 'delete all logs' },
			addWebhook: { name: 'pager', url: `http://127.0.0.1:9/${carried.webhook}` },
			changeWebhook: { enabled: true },
		}
		const isLate = (one: Operation) => (one.method === 'DELETE' ? 2 : one.name === 'purgeKey' ? 1 : 0)
		const ordered = operations.toSorted((one, other) => isLate(one) - isLate(other))
		for (const { name, method, path, fields } of ordered) {
			const filled = path
				.replace('/keys/{id}', `/keys/${keyId}`)
				.replace('/upstreams/{id}', `/upstreams/${id}`)
				.replace(/\{(revision|n)\}/, '2')
				.replace(/\{\w+\}/, 'none')
				.replace(/usage(?:\.csv)?$/, '$&?from=0&to=3600000')
			if (fields !== undefined) expect(Object.keys(bodies), `a body for ${name}`).toContain(name)
			const answer = await ask(method, filled, { body: fields === undefined ? undefined : bodies[name] })
			// A database server frees its space itself.
			const refused = name === 'compactDatabase' && proxy.services.database.location === 'remote'
			const expected = refused ? [400] : [200, 201, 404, 502]
			expect(expected, `${method} ${path}: ${answer.text}`).toContain(answer.status)
		}
	}

	test('no answer of any route, valid calls of all of them, holds one', async () => {
		answers.length = 0
		await callAll()
		for (const path of ['/health', '/health?deep=1', '/v1/models', '/admin/dev/info']) await ask('GET', path)
		const sealed = await ask('POST', '/api/export', { body: { keys: 'sealed', passphrase } })
		expect(sealed.status).toBe(200)
		const fresh = answers.filter(({ what }) => what !== 'POST /api/session')
		expectNothingLeaked([...secrets, ...Object.values(carried)], fresh)
		expect(answers.length).toBeGreaterThan(operations.length)
	})

	test('neither log nor database file holds one', { tags: ['database-file'] }, async () => {
		await proxy.services.config.flush()
		await proxy.services.requestLog.flush()
		expect(proxy.logs()).not.toBe('')
		expectNothingLeaked([...secrets, ...Object.values(carried)], [{ what: 'log', text: proxy.logs() }])
		const folder = proxy.services.environment.TURSO_DATABASE_URL.replace(/^file:/, '').replace(/[^/]*$/, '')
		const files = (await readdir(folder)).filter(name => name.startsWith('test.db'))
		expect(files).toContain('test.db-wal')
		const texts = files.map(async name => ({
			what: name,
			text: await readFile(`${folder}${name}`, 'latin1'),
		}))
		expectNothingLeaked(secrets, await Promise.all(texts))
	})
})
