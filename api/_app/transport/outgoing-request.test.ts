import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { createNodeTransport } from './node-transport.ts'
import { readPlace } from './outgoing-request.ts'
import { writeHead } from './request-head.ts'

const transport = createNodeTransport({})
let received: { request: IncomingMessage; body: Buffer } | undefined
const server = createServer(async (incoming, response) => {
	const chunks: Buffer[] = []
	for await (const chunk of incoming) chunks.push(chunk)
	received = { request: incoming, body: Buffer.concat(chunks) }
	response.end()
})
let origin = ''

beforeAll(async () => {
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
	transport.close()
	server.close()
})

/** A name in capitals is left to node:http. */
const byNode = { 'X-By-Node': 'yes' }

/** What a server gets of it. */
async function send(outgoing: Partial<OutgoingRequest>, isDirect = true) {
	const headers = { ...outgoing.headers, ...(isDirect ? {} : byNode) }
	const request = { method: 'POST', url: origin, ...outgoing, headers } as const
	await new Promise<void>((ended, fail) => {
		const failed = ({ message }: { message: string }) => fail(new Error(message))
		const route = { insecureSkipVerify: false, proxyUrl: '', silenceMs: 10_000 }
		transport(request, route, { head() {}, data() {}, ended, failed })
	})
	if (!received) throw new Error('nothing came')
	const { method, rawHeaders, headers: got, url } = received.request
	return { method, rawHeaders, headers: got, url, body: received.body }
}

const isWritten = (outgoing: Partial<OutgoingRequest>) => {
	const request = { method: 'POST', url: origin, headers: {}, ...outgoing } as const
	const place = readPlace(request.url)
	return place !== undefined && writeHead(request, place) !== undefined
}

test('every body arrives byte for byte with its length, on new connections and used ones', async () => {
	const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)
	const bodies = ['{"a":1}', '{"a":"世 😀 ä"}', 'ä'.repeat(9000), 'a'.repeat(200_000), everyByte]
	for (const body of [...bodies, Buffer.alloc(100_000, 7), new Uint8Array(), '']) {
		for (const isDirect of [true, false]) {
			const got = await send({ url: `${origin}/v1/messages?beta=true`, body }, isDirect)
			expect(got.body.equals(Buffer.from(body as string))).toBe(true)
			expect(got.headers['content-length']).toBe(String(Buffer.byteLength(body)))
			expect(got.url).toBe('/v1/messages?beta=true')
		}
	}
})

test('a part of a larger buffer arrives as that part', async () => {
	for (const size of [10, 100_000]) {
		const whole = Buffer.alloc(size + 20, 'x').fill('a', 10, size + 10)
		const { body } = await send({ body: new Uint8Array(whole.buffer, whole.byteOffset + 10, size) })
		expect(body.equals(Buffer.alloc(size, 'a'))).toBe(true)
	}
})

test('our own head and that of node:http say the same', async () => {
	const headers = { 'x-api-key': 'k', 'content-type': 'application/json', constructor: 'x', 'x-empty': '' }
	const latin = { 'x-name': 'Zoë\t1' }
	for (const outgoing of [
		{ headers, body: '{}' },
		{ headers: latin, body: '{}' },
		{ method: 'GET' as const },
		{},
	]) {
		const [direct, node] = [await send(outgoing), await send(outgoing, false)]
		const sorted = ({ headers: { 'x-by-node': _, ...all } }: typeof direct) => Object.entries(all).toSorted()
		expect(sorted(direct)).toEqual(sorted(node))
		expect(direct.method).toBe(node.method)
		expect(direct.headers).toMatchObject({
			...{ host: new URL(origin).host, 'accept-encoding': 'identity', connection: 'keep-alive' },
		})
	}
})

test('text beyond ASCII in the body does not change the bytes of a header', async () => {
	const { headers, body } = await send({ headers: { 'x-name': 'Zoë' }, body: '{"a":"世"}' })
	expect(headers['x-name']).toBe('Zoë')
	expect(String(body)).toBe('{"a":"世"}')
})

test('of names that differ in case only the last counts, and the proxy’s own headers are not doubled', async () => {
	const headers = {
		'x-api-key': 'first',
		'X-Api-Key': 'last',
		'accept-encoding': 'gzip',
		'content-length': '9',
	}
	const { rawHeaders } = await send({ headers, body: '{}' })
	const valuesOf = (name: string) =>
		rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
	expect(valuesOf('x-api-key')).toEqual(['last'])
	expect(valuesOf('accept-encoding')).toEqual(['identity'])
	expect(valuesOf('content-length')).toEqual(['2'])
	const own = { 'content-length': '9', 'accept-encoding': 'gzip' }
	const { rawHeaders: again } = await send({ headers: own, body: '{}' })
	expect(again.filter(text => text.toLowerCase() === 'content-length')).toHaveLength(1)
	expect(again).toEqual(expect.arrayContaining(['content-length', '2', 'accept-encoding', 'identity']))
	expect(again).not.toContain('gzip')
})

test('what only node:http knows is left to it', async () => {
	expect(isWritten({ headers: { 'x-api-key': 'k' } })).toBe(true)
	expect(isWritten({ headers: { 'X-Api-Key': 'k' } })).toBe(false)
	expect(isWritten({ headers: { connection: 'close' } })).toBe(false)
	expect(isWritten({ headers: { host: 'other.example' } })).toBe(false)
	expect(isWritten({ url: origin.replace('//', '//me@') })).toBe(false)
	expect(isWritten({ url: 'ftp://127.0.0.1/' })).toBe(false)
	expect((await send({ headers: { host: 'other.example' } })).headers.host).toBe('other.example')
	expect((await send({ headers: { connection: 'close' } })).headers.connection).toBe('close')
})

test('a header that would add a line is sent by nobody', () => {
	const wrong = [
		...([
			['x-a', 'b\r\nx-c: d'],
			['x-a\r\nx-c', 'd'],
			['x-a', '世'],
			['x a', 'b'],
		] as const),
	]
	const timers = countTimers()
	for (const header of wrong) {
		const headers = Object.fromEntries([header])
		expect(isWritten({ headers })).toBe(false)
		expect(() =>
			transport(
				{ method: 'POST', url: origin, headers, body: '{}' },
				{ insecureSkipVerify: false, proxyUrl: '', silenceMs: 1000 },
				{ head() {}, data() {}, ended() {}, failed() {} },
			),
		).toThrow(/[Ii]nvalid character|valid HTTP token/)
	}
	// One would fail later, with nobody to catch it.
	expect(countTimers()).toBe(timers)
})

const countTimers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

test('a name and password in the URL become credentials', async () => {
	const { headers } = await send({ url: origin.replace('//', '//me:p%40ss@'), body: '{}' })
	expect(headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
})

test('the server is named in TLS by its host, and addresses are not names', () => {
	const nameOf = (url: string) => readPlace(url)?.options.servername
	expect(nameOf('https://api.example.com/v1')).toBe('api.example.com')
	expect(nameOf('https://127.0.0.1/v1')).toBe('')
	expect(nameOf('https://[::1]:8443/v1')).toBe('')
	expect(readPlace('nonsense')).toBeUndefined()
})
