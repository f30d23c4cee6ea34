import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCliFolder } from '../../cli/test-support/cli-folder.ts'
import { openDatabase } from '../../db/index.ts'
import { requestRecord } from '../../db/test-support/samples.ts'
import { call } from '../support/call.ts'
import { type HranaProcess, type Knobs, startHranaProcess } from '../support/hrana-server.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { expectNoSecret, keys, onServer, readHealth, untilHealth } from './support.ts'

interface Outage {
	name: string
	/** The switches of the server; without them its process is gone. */
	knobs?: Partial<Knobs>
	/** What /health says; undefined when all is well all the same. */
	reason?: RegExp
	/** Code of the error that a reading command of the CLI ends with; undefined when it works. */
	cli?: string
}

const outages: Outage[] = [
	{ name: 'refuses connections', reason: /cannot be reached \(ECONNREFUSED\)/, cli: 'unreachable' },
	{
		name: 'hangs',
		knobs: { fault: 'hang' },
		reason: /cannot be reached \(no answer in time\)/,
		cli: 'unreachable',
	},
	{ name: 'is slow', knobs: { latencyMs: 800, jitterMs: 50 } },
	{ name: 'drops connections', knobs: { fault: 'drop' }, reason: /cannot be reached/, cli: 'unreachable' },
	{
		name: 'answers with 500',
		knobs: { fault: '500' },
		reason: /cannot be reached \(HTTP 500\)/,
		cli: 'unreachable',
	},
	{
		name: 'is behind a gateway that answers with a page',
		knobs: { fault: '502html' },
		reason: /cannot be reached \(HTTP 502\)/,
		cli: 'unreachable',
	},
	{
		name: 'has revoked the token',
		knobs: { fault: '401' },
		reason: /refuses the token; check TURSO_AUTH_TOKEN/,
		cli: 'unauthorized',
	},
	{
		name: 'answers reads and blocks writes',
		knobs: { fault: 'readonly' },
		reason: /refuses to be written.*quota/,
	},
	{
		name: 'does what it is told and loses its answers',
		knobs: { fault: 'dropAfter', faultScope: 'batches' },
		reason: /cannot be reached/,
	},
]

let server: HranaProcess
let upstream: ScriptedUpstream
let proxy: TestProxy

beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream({ keys: [...keys] })])
})
afterEach(async () => {
	await proxy?.close()
	await Promise.all([server.stop(), upstream.close()])
})

async function setUp(adapter: 'node' | 'fetch', variables: Record<string, string> = {}): Promise<string> {
	proxy = await startProxy({ ...onServer(server), ...variables }, adapter)
	const id = await proxy.use({ type: 'openai', baseUrl: upstream.url }, [...keys])
	await untilHealth(proxy.url, { status: 'healthy', reasons: [] })
	return id
}

const begin = ({ knobs }: Outage) => (knobs === undefined ? server.takeDown() : server.control(knobs))
const end = ({ knobs }: Outage) => (knobs === undefined ? server.bringUp() : server.control({}))
const usedKeys = () => upstream.requests.splice(0).map(({ key }) => key)

/** What the database knows, asked past the proxy. */
async function readDatabase() {
	const database = await openDatabase({ url: server.url, authToken: server.token })
	const [row] = await database.execute(`SELECT (SELECT count(*) FROM request_log) AS requests,
		(SELECT sum(requests) FROM usage WHERE grain = 60) AS counted, (SELECT sum(fail_total) FROM key_states) AS failures,
		(SELECT max(streak) FROM key_states) AS streak`)
	database.close()
	return row
}

const unavailable = { status: 503, body: { error: { code: 'database-unavailable' } } }

async function askAdmin(id: string) {
	const response = await fetch(`${proxy.url}/api/upstreams/${id}/learned-facts`, {
		headers: { authorization: `Bearer ${accessKey}` },
	})
	const text = await response.text()
	expectNoSecret(text)
	return { status: response.status, body: JSON.parse(text) }
}

describe.each(['node', 'fetch'] as const)('with the %s adapter, while a server', adapter => {
	test.each(outages)('$name, requests are answered and nothing learnt is lost', async outage => {
		const id = await setUp(adapter)
		upstream.keyFaults.set(keys[0], { status: 500 })
		await begin(outage)
		// The first finds out that a key is bad; the others know, though the database does not.
		for (let count = 0; count < 3; count++) expect((await call(proxy)).status).toBe(200)
		expect(usedKeys()).toEqual([keys[0], keys[1], keys[1], keys[1]])

		if (outage.reason) {
			const health = await untilHealth(proxy.url, { status: 'degraded', http: 200 })
			expect(health.reasons[0]).toMatch(outage.reason)
			expect(health.database.ok).toBe(false)
			expect((await call(proxy)).status).toBe(200)
			expect(usedKeys()).toEqual([keys[1]])
		} else expect((await readHealth(proxy.url)).status).toBe('healthy')

		// The same code behind both adapters.
		if (adapter === 'node')
			expect(await askAdmin(id)).toMatchObject(outage.cli ? unavailable : { status: 200 })

		await end(outage)
		await untilHealth(proxy.url, { status: 'healthy', database: { ok: true, waiting: 0, dropped: 0 } })
		const requests = outage.reason ? 4 : 3
		await expect.poll(readDatabase).toEqual({ requests, counted: requests, failures: 1, streak: 1 })
		// The bad key stays out of use, now by the database's word.
		await proxy.services.config.refresh()
		await call(proxy)
		expect(usedKeys()).toEqual([keys[1]])
		expectNoSecret(proxy.logs())
	})
})

test.each(outages.filter(({ cli }) => cli))(
	'the CLI says so and ends with 5 while a server $name',
	async outage => {
		await setUp('node')
		await begin(outage)
		const folder = createCliFolder(onServer(server))
		try {
			const ended = await folder.run('list', '--json')
			expect(ended.code).toBe(5)
			expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: outage.cli } })
			expectNoSecret(ended.stdout + ended.stderr)
		} finally {
			folder.remove()
			await end(outage)
		}
	},
)

test('the CLI refuses a change while writes are blocked, and still reads', async () => {
	await setUp('node')
	await server.control({ fault: 'readonly' })
	const folder = createCliFolder(onServer(server))
	try {
		expect(await folder.run('balance', 'random')).toMatchObject({
			...{ code: 5, stderr: expect.stringContaining('refuses to be written') },
		})
		expect(await folder.data('list')).toMatchObject({ upstreams: [{ name: 'upstream 1' }] })
	} finally {
		folder.remove()
	}
})

test('a long outage costs the oldest log rows, says how many, and never more', async () => {
	await setUp('node')
	await server.control({ fault: '500' })
	for (let count = 0; count < 1100; count++) proxy.services.requestLog.record(requestRecord(`req_${count}`))
	const health = await untilHealth(proxy.url, {
		status: 'degraded',
		database: { ok: false, waiting: 1000, dropped: 100 },
	})
	expect(health.reasons.join()).toContain('HTTP 500')
	await server.control({})
	await untilHealth(proxy.url, { status: 'healthy', database: { waiting: 0, dropped: 100 } })
	expect(await readDatabase()).toMatchObject({ requests: 1000, counted: 1000 })
})

test('a third of all answers lost and a third of all requests failed: each request is in the log once', async () => {
	await setUp('node')
	let total = 0
	for (const fault of ['dropAfter', '500', 'drop', 'dropAfter'] as const) {
		await server.control({ fault, faultRate: 0.35, jitterMs: 20 })
		const answers = await Promise.all(Array.from({ length: 25 }, () => call(proxy)))
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
		total += answers.length
		await proxy.services.requestLog.flush()
	}
	await server.control({})
	await untilHealth(proxy.url, { status: 'healthy', database: { waiting: 0, dropped: 0 } })
	expect(await readDatabase()).toMatchObject({ requests: total, counted: total })
})

test('a rate limit that the database cannot count is counted here, and holds no request up', async () => {
	await setUp('node', {
		ENABLE_RATE_LIMIT: 'true',
		RATE_LIMIT_MAX_REQUESTS: '3',
		RATE_LIMIT_WINDOW: '86400000',
	})
	// A database that hangs is never given up: who waits for it waits for ever.
	const givenUp = new AbortController()
	const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(givenUp.signal)
	try {
		await server.control({ fault: 'hang' })
		const statuses: number[] = []
		for (let count = 0; count < 4; count++) statuses.push((await call(proxy)).status)
		expect(statuses).toEqual([200, 200, 200, 429])
	} finally {
		timeout.mockRestore()
		givenUp.abort(new DOMException('given up', 'TimeoutError'))
	}
})
