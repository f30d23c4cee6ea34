import { afterEach, beforeEach, expect, test } from 'vitest'
import { call } from '../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

let server: HranaProcess
let upstream: ScriptedUpstream
let proxy: TestProxy
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream()])
	proxy = await startProxy({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token })
})
afterEach(async () => {
	await proxy.close()
	await Promise.all([server.stop(), upstream.close()])
})

test('a busy proxy answers without the database: what it asks and writes comes in rounds, not per request', async () => {
	await proxy.use(
		{ type: 'openai', baseUrl: upstream.url },
		Array.from({ length: 20 }, (_, index) => `sk-test-${index}`.padEnd(24, '0')),
	)
	expect((await call(proxy)).status).toBe(200)
	const before = (await server.stats()).requests
	const began = performance.now()
	const rounds = 20
	const atOnce = 10
	for (let round = 0; round < rounds; round++) {
		const answers = await Promise.all(Array.from({ length: atOnce }, () => call(proxy)))
		expect(answers.map(({ status }) => status)).toEqual(Array(atOnce).fill(200))
	}
	const seconds = (performance.now() - began) / 1000
	const trips = (await server.stats()).requests - before
	// Once a second the configuration's age is asked for, and the log is written a few times.
	expect(trips).toBeLessThanOrEqual(6 + 4 * seconds)
	expect(trips).toBeLessThan(rounds * atOnce * 0.5)
})
