import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hello } from '../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { useProcesses } from './processes.ts'
import { expectNoSecret, keys, onServer, readHealth, untilHealth } from './support.ts'

const processes = useProcesses()
let server: HranaProcess
let upstream: ScriptedUpstream

beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream({ keys: [...keys] })])
})
afterEach(() => Promise.all([server.stop(), upstream.close()]))

const cli = (...argv: string[]) => processes.cli(argv, onServer(server))

async function setUpDatabase(): Promise<void> {
	expect(await cli('db', 'migrate')).toMatchObject({ code: 0 })
	expect(await cli('add', 'scripted', 'openai', upstream.url, '--key', keys[0])).toMatchObject({ code: 0 })
}

/** Anthropic's shape, a time to come back, and words that help. */
async function expectRefusal(response: Response, message: RegExp): Promise<void> {
	const text = await response.text()
	expectNoSecret(text)
	expect({ status: response.status, retryAfter: response.headers.get('retry-after') }).toEqual({
		...{ status: 503, retryAfter: '5' },
	})
	expect(JSON.parse(text)).toEqual({
		...{ type: 'error', error: { type: 'api_error', message: expect.stringMatching(message) } },
		request_id: response.headers.get('request-id'),
	})
}

describe('a process whose database server is away', () => {
	test('comes up, says so, refuses for the time being, and works when the server is there', async () => {
		await setUpDatabase()
		await server.takeDown()
		const served = await processes.serve(onServer(server))
		expect(served.output()).toMatch(/cannot be reached \(ECONNREFUSED\)/)
		expect(served.output()).toMatch(/nothing has to be restarted/)
		expectNoSecret(served.output())
		expect(await readHealth(served.url)).toMatchObject({
			...{ http: 503, status: 'unhealthy', database: { ok: false, kind: 'remote' } },
			reasons: [expect.stringContaining('TURSO_DATABASE_URL'), expect.stringContaining('never read')],
		})
		await expectRefusal(await served.ask(), /No configuration could be read yet: .*ECONNREFUSED/)
		await server.bringUp()
		await untilHealth(served.url, { status: 'healthy', http: 200, reasons: [] })
		expect(await (await served.ask()).json()).toMatchObject({ content: [{ text: 'You said: Hi' }] })
	})

	test('comes up although the server hangs', async () => {
		await setUpDatabase()
		await server.control({ fault: 'hang' })
		const served = await processes.serve(onServer(server))
		await expectRefusal(await served.ask(), /no answer in time/)
		await server.control({})
		await untilHealth(served.url, { status: 'healthy' })
		expect((await served.ask()).status).toBe(200)
	})

	test('comes up with a token that is refused, and names the variable', async () => {
		await setUpDatabase()
		await server.control({ fault: '401' })
		const served = await processes.serve(onServer(server))
		expect(served.output()).toContain('TURSO_AUTH_TOKEN')
		await expectRefusal(await served.ask(), /TURSO_AUTH_TOKEN/)
		await server.control({})
		await untilHealth(served.url, { status: 'healthy' })
	})

	test('that was never migrated, names the command and migrates nothing by itself', async () => {
		const served = await processes.serve(onServer(server))
		expect(served.output()).toContain('npm run db:migrate')
		expect(await readHealth(served.url)).toMatchObject({
			...{ http: 503, status: 'unhealthy' },
			reasons: [expect.stringContaining('npm run db:migrate'), expect.any(String)],
		})
		await expectRefusal(await served.ask(), /npm run db:migrate/)
		expect(await cli('db', 'status')).toMatchObject({
			output: expect.stringMatching(/schema 0 of \d+: behind/),
		})
		await setUpDatabase()
		await untilHealth(served.url, { status: 'healthy' })
		expect((await served.ask()).status).toBe(200)
	})
})

describe('the serverless function whose database server is away', () => {
	const before = { ...process.env }
	afterEach(() => {
		process.env = { ...before }
	})

	const ask = async () => {
		const { default: entrance } = await import('../../api/_app/index.ts')
		return entrance.fetch(
			new Request('https://proxy.example/v1/messages', {
				method: 'POST',
				headers: { 'content-type': 'application/json', 'x-api-key': accessKey },
				body: JSON.stringify(hello),
			}),
		)
	}

	test('answers 503, and works by the first request after the server’s return', async () => {
		await setUpDatabase()
		await server.takeDown()
		Object.assign(process.env, {
			...onServer(server),
			...{ PROXY_ACCESS_KEY: '', ENCRYPTION_KEY: 'an encryption key for tests only', LOG_LEVEL: 'error' },
		})
		await expectRefusal(await ask(), /set PROXY_ACCESS_KEY/)
		// A variable that was set meanwhile is seen, too.
		process.env.PROXY_ACCESS_KEY = accessKey
		await expectRefusal(await ask(), /No configuration could be read yet: .*ECONNREFUSED/)
		await server.bringUp()
		await expect.poll(async () => (await ask()).status).toBe(200)
		await server.takeDown()
		// The instance stays warm with what it has read.
		expect((await ask()).status).toBe(200)
		await server.bringUp()
	})
})
