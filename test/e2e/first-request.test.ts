import { afterEach, beforeEach, expect, test } from 'vitest'
import { call } from '../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

let server: HranaProcess
let upstream: ScriptedUpstream
const running: TestProxy[] = []
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream()])
})
afterEach(async () => {
	await server.control({})
	await Promise.all(running.splice(0).map(proxy => proxy.close()))
	await Promise.all([server.stop(), upstream.close()])
})

async function start(): Promise<TestProxy> {
	const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const proxy = await startProxy(database, 'fetch')
	running.push(proxy)
	return proxy
}

test('a new instance’s first request waits for one round of trips to the database, not for two', async () => {
	const first = await start()
	await first.use({ type: 'openai', baseUrl: upstream.url })
	const cold = await start()
	await server.control({ fault: 'hold' })
	const answer = call(cold)
	await expect.poll(async () => (await server.stats()).held).toBeGreaterThanOrEqual(2)
	// Lets go of those that wait, and holds whatever is asked after their answers.
	await server.control({ fault: 'hold' })
	await upstream.waitForRequest()
	expect((await answer).status).toBe(200)
})
