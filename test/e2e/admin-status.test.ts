import { afterEach, describe, expect, test } from 'vitest'
import { requestRecord } from '../../db/test-support/samples.ts'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startHranaProcess } from '../support/hrana-server.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})

async function start(variables: Record<string, string> = {}, adapter: 'node' | 'fetch' = 'node') {
	const proxy = await startProxy(variables, adapter)
	closing.push(() => proxy.close())
	const upstream = await startOpenAiUpstream({ keys: [...keys] })
	closing.push(() => upstream.close())
	const id = await proxy.use({ type: 'openai', baseUrl: upstream.url, name: 'main' }, [...keys])
	return { proxy, upstream, id }
}

const readStatus = async (proxy: TestProxy, since?: string) =>
	(await askAdmin(proxy, 'GET', `/status${since === undefined ? '' : `?since=${since}`}`)).body

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	test('it tells everything once, and then that nothing has changed', async () => {
		const { proxy, id } = await start({}, adapter)
		await call(proxy)
		// What a request leaves behind is written a little later; afterwards nothing changes.
		await proxy.services.config.flush()
		await proxy.services.requestLog.flush()
		const status = await readStatus(proxy)
		expect(status).toMatchObject({
			...{ revision: 2, strategy: 'failover', currentUpstreamId: id },
			upstreams: [{ id, state: 'current', keys: [{ state: 'ready' }, { state: 'ready' }] }],
			health: {
				status: 'healthy',
				reasons: [],
				database: { ok: true, kind: proxy.services.database.location },
			},
		})
		expect(Math.abs(status.now - Date.now())).toBeLessThan(60_000)
		const [traffic] = status.traffic.upstreams
		expect(traffic).toMatchObject({ upstreamId: id, requests: 1, failed: 0 })
		expect(traffic.sparkline).toHaveLength(24)
		expect(traffic.sparkline.slice(-2)).toContain(1)
		expect(status.traffic.from % 3_600_000).toBe(0)
		const again = await readStatus(proxy, status.cursor)
		expect(again).toEqual({ cursor: status.cursor, unchanged: true, now: expect.any(Number) })
		expect(await readStatus(proxy, 'another')).toMatchObject({ cursor: status.cursor, revision: 2 })
	})

	test('a change by this instance is in the very next answer', async () => {
		const { proxy, id } = await start({}, adapter)
		const { cursor } = await readStatus(proxy)
		await askAdmin(proxy, 'PATCH', `/upstreams/${id}`, { name: 'renamed' })
		await proxy.settle()
		const changed = await readStatus(proxy, cursor)
		expect(changed).toMatchObject({ revision: 3, upstreams: [{ name: 'renamed' }] })
		await askAdmin(proxy, 'DELETE', `/upstreams/${id}`)
		await proxy.settle()
		expect(await readStatus(proxy, changed.cursor)).toMatchObject({ currentUpstreamId: null, upstreams: [] })
	})
})

test('failed requests, and only those, count as failed traffic', async () => {
	const { proxy, upstream } = await start()
	await call(proxy)
	for (const key of keys) upstream.keyFaults.set(key, { status: 500, body: { error: { message: 'down' } } })
	await call(proxy)
	await proxy.services.requestLog.flush()
	const { traffic } = await readStatus(proxy)
	expect(traffic.upstreams).toMatchObject([{ requests: 2, failed: 1 }])
})

test('traffic older than 24 hours is not told', async () => {
	const { proxy, id } = await start()
	const [hour, minute] = [3_600_000, 60_000]
	const firstHour = (now: number) => (Math.floor(now / hour) - 23) * hour
	const before = proxy.services.config.now()
	// On both sides of the edge, wherever it is by the time that the traffic is read: an hour may begin meanwhile.
	const hours = [
		{ start: firstHour(before) - hour, requests: 70, errors: 3 },
		{ start: firstHour(before), requests: 5, errors: 2 },
		{ start: firstHour(before) + hour, requests: 11, errors: 1 },
	]
	for (const { start: at, requests, errors } of hours) {
		for (let count = 0; count < requests; count++) {
			const failed = count < errors && { status: 500, outcome: 'server' as const }
			proxy.services.requestLog.record(requestRecord(`req_${at}_${count}`, { at, upstreamId: id, ...failed }))
		}
	}
	await proxy.services.requestLog.flush()
	const { traffic } = await readStatus(proxy)
	const after = proxy.services.config.now()
	expect([firstHour(before - minute), firstHour(after + minute)]).toContain(traffic.from)
	const told = hours.filter(({ start: at }) => at >= traffic.from)
	const sum = (name: 'requests' | 'errors') => told.reduce((total, one) => total + one[name], 0)
	const [upstream] = traffic.upstreams
	expect(upstream).toMatchObject({ requests: sum('requests'), failed: sum('errors') })
	for (const { start: at, requests, errors } of told) {
		const index = (at - traffic.from) / hour
		expect([upstream.sparkline[index], upstream.errors[index]]).toEqual([requests, errors])
	}
})

test('what another instance changed, and a cooldown that ends, are news within a second', async () => {
	const { proxy, upstream } = await start()
	const { cursor } = await readStatus(proxy)
	await proxy.repository.setStrategy('random', { author: 'cli' })
	await expectNews(() => readStatus(proxy, cursor), { strategy: 'random' })
	await proxy.repository.setStrategy('failover', { author: 'cli' })
	await proxy.services.config.refresh()
	upstream.keyFaults.set(keys[0], { status: 401, body: { error: { message: 'no' } } })
	await call(proxy)
	await proxy.services.config.flush()
	await expectNews(() => readStatus(proxy), {
		upstreams: [{ state: 'degraded', keys: [{ state: 'cooling' }, { state: 'ready' }] }],
	})
	await proxy.services.database.batch([
		{ sql: 'UPDATE key_states SET cooldown_until = 1' },
		{ sql: 'UPDATE meta SET state_version = state_version + 1' },
	])
	await expectNews(() => readStatus(proxy), {
		upstreams: [{ state: 'current', keys: [{ state: 'ready' }, { state: 'ready' }] }],
	})
})

/** A status that was asked for later than that after a change tells of it, however long the answer takes. */
const newsMs = 1500

async function expectNews(read: () => Promise<unknown>, expected: object): Promise<void> {
	const changed = performance.now()
	const asked = [changed]
	const readNext = () => {
		asked.push(performance.now())
		return read()
	}
	await expect.poll(readNext, { interval: 50 }).toMatchObject(expected)
	const lastWithout = asked.at(-2) ?? changed
	expect(lastWithout - changed).toBeLessThan(newsMs)
}

describe('with a database server', () => {
	async function startRemote() {
		const hrana = await startHranaProcess()
		closing.push(() => hrana.stop())
		return { hrana, ...(await start({ TURSO_DATABASE_URL: hrana.url, TURSO_AUTH_TOKEN: hrana.token })) }
	}

	test('50 tabs that ask at once cost what one does', { tags: ['own-counters'] }, async () => {
		const { proxy, hrana } = await startRemote()
		// The address is known by now: a new one costs a look at its earlier attempts.
		await askAdmin(proxy, 'GET', '/settings')
		await proxy.services.config.refresh()
		const before = await hrana.stats()
		const cursors = await Promise.all(
			Array.from({ length: 50 }, async () => (await readStatus(proxy)).cursor as string),
		)
		const after = await hrana.stats()
		expect(new Set(cursors).size).toBe(1)
		// One reading, and one look at the revision when the last one is half a second old.
		expect(after.requests - before.requests).toBeLessThanOrEqual(2)
	})

	test('while it is away the last status stays, and says so', async () => {
		const { proxy, hrana, id } = await startRemote()
		const { cursor } = await readStatus(proxy)
		await hrana.takeDown()
		const away = () => readStatus(proxy, cursor)
		await expect
			.poll(away, { interval: 100 })
			.toMatchObject({ health: { status: 'degraded', database: { ok: false } }, upstreams: [{ id }] })
		const change = await askAdmin(proxy, 'PATCH', `/upstreams/${id}`, { name: 'renamed' })
		expect(change).toMatchObject({ status: 503, body: { error: { code: 'database-unavailable' } } })
		expect(change.headers.get('retry-after')).toBe('5')
	})
})
