import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import { basedOn, createAdminFetch } from './client.ts'

let server: Server | undefined

afterEach(async () => {
	server?.closeAllConnections()
	await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)))
	server = undefined
})

async function serve(status: number, body: unknown, more: Record<string, string> = {}) {
	const requests: IncomingMessage[] = []
	server = createServer((request, response) => {
		requests.push(request)
		response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body))
	})
	await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

const refusal = { type: 'error', error: { code: 'unauthorized', message: 'sign in' }, request_id: 'req_1' }

it('sends the header that other sites cannot', async () => {
	const { url, requests } = await serve(200, {})
	await createAdminFetch()(`${url}/api/status`)
	expect(requests[0]?.headers['x-claude-proxy-admin']).toBe('1')
})

it('tells that the session is over, and throws', async () => {
	const { url } = await serve(401, refusal)
	let told = 0
	const adminFetch = createAdminFetch({ onunauthorized: () => told++ })
	await expect(adminFetch(`${url}/api/status`)).rejects.toMatchObject({ code: 'unauthorized' })
	expect(told).toBe(1)
})

it('does not take a refusal of an upstream, as the playground passes it on, for one of its own', async () => {
	const { url } = await serve(401, refusal, { 'x-claude-proxy-request-id': 'req_2' })
	let told = 0
	const adminFetch = createAdminFetch({ onunauthorized: () => told++ })
	expect((await adminFetch(`${url}/api/playground`, { method: 'POST' })).status).toBe(401)
	expect(told).toBe(0)
})

it('does not take a wrong key for a session that is over', async () => {
	const { url } = await serve(401, refusal)
	let told = 0
	const adminFetch = createAdminFetch({ onunauthorized: () => told++ })
	await expect(adminFetch(`${url}/api/session`, { method: 'POST' })).rejects.toBeInstanceOf(ApiError)
	expect(told).toBe(0)
})

it('calls a server that is away offline', async () => {
	const { url } = await serve(200, {})
	server?.closeAllConnections()
	await new Promise(resolve => server?.close(resolve))
	await expect(createAdminFetch()(`${url}/api/status`)).rejects.toMatchObject({ status: 0, code: 'offline' })
})

it('does not turn giving up into an error to show', async () => {
	const { url } = await serve(200, {})
	const signal = AbortSignal.abort()
	await expect(createAdminFetch()(url, { signal })).rejects.not.toBeInstanceOf(ApiError)
})

it('names the revision a change is based on', () => {
	expect(basedOn(7, '改名').headers).toEqual({ 'if-match': '"7"', 'x-change-message': '%E6%94%B9%E5%90%8D' })
	expect(basedOn(undefined).headers).toEqual({})
})
