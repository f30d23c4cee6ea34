import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
	createConfigRepository,
	createKeyRing,
	generateEncryptionKey,
	migrateDatabase,
	openDatabase,
} from '../../db/index.ts'
import { type HranaProcess, startHranaProcess } from '../../test/support/hrana-server.ts'

/** A database server, an upstream with one key that takes its time, and a client. */
export interface ScaleWorld {
	database: HranaProcess
	/** Of an instance. */
	env: Record<string, string>
	/** Sends a message that the upstream takes its time for; resolves with the ms until the upstream had it. */
	send(url: string, answerMs?: number): Promise<{ toUpstreamMs: number; status: number }>
	countLogged(): Promise<number>
	close(): Promise<void>
}

const accessKey = 'bench-access-key'
// Random, as documented: a passphrase would have to be stretched at each cold start.
const encryptionKey = generateEncryptionKey()
const answer = JSON.stringify({
	...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o' },
	choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
	usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
})

/** How long the upstream takes unless told, ms. */
export const defaultAnswerMs = 1000

export async function createWorld(): Promise<ScaleWorld> {
	const database = await startHranaProcess()
	/** When the upstream got the request of a number, which stands in the message. */
	const arrivals = new Map<number, number>()
	const upstream = createServer((request, response) => {
		let text = ''
		request.on('data', chunk => {
			text += chunk
		})
		request.on('end', () => {
			const [, number, answerMs] = /number (\d+) takes (\d+)/.exec(text) ?? []
			arrivals.set(Number(number), performance.now())
			const finish = () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
			setTimeout(finish, Number(answerMs))
		})
	})
	await new Promise<void>(resolve => upstream.listen(0, '127.0.0.1', resolve))
	const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
	const own = await openDatabase({ url: database.url, authToken: database.token })
	await migrateDatabase(own)
	const repository = createConfigRepository(own, createKeyRing(encryptionKey))
	const meta = { author: 'cli', message: 'bench' } as const
	const { id } = await repository.addUpstream({ name: 'bench', type: 'openai', baseUrl }, meta)
	await repository.addKeys(id, ['sk-bench-0123456789abcdef'], meta)
	await repository.setCurrentUpstream(id, meta)
	const agent = new Agent({ keepAlive: true })
	let count = 0
	return {
		database,
		env: {
			...{ NODE_ENV: 'production', LOG_LEVEL: 'error' },
			...{ PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: encryptionKey, VERCEL: '1' },
			...{ TURSO_DATABASE_URL: database.url, TURSO_AUTH_TOKEN: database.token },
		},
		async send(url, answerMs = defaultAnswerMs) {
			const number = count++
			const startedAt = performance.now()
			const status = await post(agent, url, `number ${number} takes ${answerMs}`)
			const toUpstreamMs = (arrivals.get(number) ?? Number.NaN) - startedAt
			arrivals.delete(number)
			return { toUpstreamMs, status }
		},
		async countLogged() {
			const [row] = await own.execute('SELECT count(*) AS count FROM request_log')
			return Number(row?.count)
		},
		async close() {
			agent.destroy()
			upstream.closeAllConnections()
			upstream.close()
			own.close()
			await database.stop()
		},
	}
}

function post(agent: Agent, url: string, content: string): Promise<number> {
	const body = JSON.stringify({
		...{ model: 'gpt-4o', max_tokens: 50 },
		messages: [{ role: 'user', content }],
	})
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
	return new Promise((resolve, reject) => {
		const request = httpRequest(`${url}/v1/messages`, { method: 'POST', headers, agent }, response => {
			response.resume()
			response.on('end', () => resolve(response.statusCode ?? 0))
			response.on('error', reject)
		})
		request.on('error', reject)
		request.end(body)
	})
}
