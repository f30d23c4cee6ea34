import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hello } from '../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { type Served, useProcesses } from './processes.ts'
import { keys, onServer, untilHealth } from './support.ts'

const processes = useProcesses()
let server: HranaProcess
let first: ScriptedUpstream
let second: ScriptedUpstream
beforeEach(async () => {
	;[server, first, second] = await Promise.all([
		startHranaProcess(),
		startOpenAiUpstream({ keys: [...keys] }),
		startOpenAiUpstream({ keys: [...keys] }),
	])
})
afterEach(() => Promise.all([server.stop(), first.close(), second.close()]))

async function setUp(variables: Record<string, string>): Promise<void> {
	const lines = [
		['db', 'migrate'],
		['add', 'first', 'openai', first.url, '--key', keys[0]],
		['add', 'second', 'openai', second.url, '--key', keys[1]],
		['use', 'first'],
	]
	for (const line of lines) expect(await processes.cli(line, variables)).toMatchObject({ code: 0 })
}

let marks = 0

/** What a change promises: a second after it was acknowledged, no request is answered by what was before. */
async function expectVisible(proxies: readonly Served[], upstream: ScriptedUpstream): Promise<void> {
	await pause(1000)
	const mark = `mark ${++marks}`
	const marked = { ...hello, messages: [{ role: 'user', content: mark }] }
	const answers = await Promise.all(proxies.map(({ ask }) => ask(marked)))
	expect(answers.map(({ status }) => status)).toEqual(proxies.map(() => 200))
	const received = upstream.requests.filter(({ body }) => JSON.stringify(body).includes(mark))
	expect(received).toHaveLength(proxies.length)
}

describe.each(['file', 'server'] as const)('what the CLI changes in a %s', place => {
	test('is used a second later by every proxy, busy or idle', async () => {
		const variables = place === 'file' ? {} : onServer(server)
		await setUp(variables)
		const [busy, idle] = await Promise.all([processes.serve(variables), processes.serve(variables)])
		let stop = false
		const traffic = (async () => {
			while (!stop) expect((await busy.ask()).status).toBe(200)
		})()
		for (const [name, upstream] of [
			['second', second],
			['first', first],
			['second', second],
		] as const) {
			await expect(processes.cli(['use', name], variables)).resolves.toMatchObject({ code: 0 })
			await expectVisible([idle], upstream)
		}
		stop = true
		await traffic
		await processes.cli(['use', 'first'], variables)
		await expectVisible([busy, idle], first)
	})

	test('as a key that is added or paused is in use or out of it', async () => {
		const variables = place === 'file' ? {} : onServer(server)
		await setUp(variables)
		const served = await processes.serve(variables)
		for (const argv of [
			['key', 'first', 'add', keys[1]],
			['key', 'first', 'pause', '0'],
		]) {
			expect(await processes.cli(argv, variables)).toMatchObject({ code: 0 })
		}
		await expectVisible([served], first)
		expect(first.requests.at(-1)?.key).toBe(keys[1])
	})
})

test('a busy instance asks the database once in half a second, whatever it serves', async () => {
	await setUp(onServer(server))
	const served = await processes.serve(onServer(server))
	await untilHealth(served.url, { status: 'healthy' })
	const before = await server.stats()
	const started = performance.now()
	for (let count = 0; count < 200; count++) expect((await served.ask()).status).toBe(200)
	const elapsed = performance.now() - started
	const { requests, batches } = await server.stats()
	expect(first.requests).toHaveLength(200)
	// Checks, and one reading of what was learnt about tokens. The log is written once a second, or when 200 wait.
	expect(requests - before.requests - (batches - before.batches)).toBeLessThanOrEqual(2 + elapsed / 500)
	expect(batches - before.batches).toBeLessThanOrEqual(2 + elapsed / 1000)
})

test('the configuration is asked for while the body comes in, so that neither waits for the other', async () => {
	await setUp(onServer(server))
	const served = await processes.serve(onServer(server))
	await served.ask()
	await untilHealth(served.url, { database: { waiting: 0 } })
	// Old enough that a request wants to know more.
	await pause(1000)
	await server.control({ fault: 'hold' })
	const body = JSON.stringify(hello)
	const { port } = new URL(served.url)
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
	const upload = request({ ...{ port, path: '/v1/messages', method: 'POST' }, headers })
	const answer = new Promise<number | undefined>((resolve, reject) => {
		upload.on('response', response => resolve(response.resume().statusCode)).on('error', reject)
	})
	upload.write(body.slice(0, 10))
	// The question has come to the database, and the body is not complete.
	await expect.poll(async () => (await server.stats()).held).toBe(1)
	const { requests } = await server.stats()
	upload.end(body.slice(10))
	await server.control({})
	expect(await answer).toBe(200)
	// No second question when the body was there.
	expect((await server.stats()).requests).toBe(requests)
})
